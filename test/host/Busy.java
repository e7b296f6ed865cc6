/** Keeps two CPUs busy for a minute at most. */
public class Busy {
  public static void main(String[] args) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    Thread[] threads = new Thread[2];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(() -> {
        while (System.nanoTime() < end) Thread.onSpinWait();
      });
      threads[i].start();
    }
    System.out.println("ready");
    for (Thread thread : threads) thread.join();
  }
}
