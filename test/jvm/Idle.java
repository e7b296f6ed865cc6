/** Prints {@code ready}, and lives until its stdin ends. */
public final class Idle {
  public static void main(String[] args) throws Exception {
    System.out.println("ready");
    while (System.in.read() >= 0) {}
  }
}
