import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Does what a test can count: 15 threads that wake up often, 20 open files, 24 MiB touched, half a second of CPU. */
public class Known {
  static final FileInputStream[] files = new FileInputStream[20];
  static byte[] touched;

  public static void main(String[] args) throws Exception {
    Files.writeString(Path.of(args[0]), String.valueOf(Runtime.getRuntime().availableProcessors()));
    for (int i = 0; i < files.length; i++) files[i] = new FileInputStream(args[0]);
    for (int i = 0; i < 15; i++) {
      Thread thread = new Thread(() -> {
        while (true) sleep(20);
      });
      thread.setDaemon(true);
      thread.start();
    }
    touched = new byte[24 << 20];
    for (int i = 0; i < touched.length; i += 4096) touched[i] = 1;
    long end = System.nanoTime() + 500_000_000;
    while (System.nanoTime() < end) Thread.onSpinWait();
    System.out.println("ready");
    sleep(60_000);
  }

  static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
