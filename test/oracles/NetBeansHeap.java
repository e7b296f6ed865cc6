import java.io.File;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;
import org.netbeans.lib.profiler.heap.FieldValue;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.ObjectArrayInstance;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;

/**
 * What VisualVM's heap library sees in a dump, one tab-separated line each:
 * {@code class NAME INSTANCES}, and of every n-th object {@code field ID NAME VALUE}, {@code element ID INDEX VALUE} and
 * {@code root ID STEPS} (references to the nearest GC root, −1 when there is none).
 */
@SuppressWarnings("unchecked")
public final class NetBeansHeap {
  public static void main(String[] args) throws Exception {
    Heap heap = HeapFactory.createHeap(new File(args[0]));
    int every = Integer.parseInt(args[1]);
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (JavaClass type : (List<JavaClass>) heap.getAllClasses()) out.println("class\t" + type.getName() + "\t" + type.getInstancesCount());
    Iterator<Instance> instances = heap.getAllInstancesIterator();
    for (int i = 0; instances.hasNext(); i++) {
      Instance instance = instances.next();
      if (i % every == 0) describe(instance, out);
    }
    out.flush();
  }

  private static void describe(Instance instance, PrintStream out) {
    String id = hex(instance);
    if (instance instanceof ObjectArrayInstance array) {
      List<Instance> values = array.getValues();
      for (int i = 0; i < Math.min(values.size(), 50); i++) out.println("element\t" + id + "\t" + i + "\t" + hex(values.get(i)));
    } else if (instance instanceof PrimitiveArrayInstance array) {
      List<?> values = array.getValues();
      for (int i = 0; i < Math.min(values.size(), 20); i++) {
        out.println("element\t" + id + "\t" + i + "\t" + text(values.get(i), instance.getJavaClass().getName().equals("char[]")));
      }
    } else {
      for (FieldValue value : (List<FieldValue>) instance.getFieldValues()) {
        if (value.getField().isStatic()) continue;
        boolean isReference = value instanceof ObjectFieldValue;
        String shown = isReference ? hex(((ObjectFieldValue) value).getInstance()) : text(value.getValue(), value.getField().getType().getName().equals("char"));
        out.println("field\t" + id + "\t" + value.getField().getName() + "\t" + shown);
      }
    }
    out.println("root\t" + id + "\t" + stepsToRoot(instance));
  }

  private static int stepsToRoot(Instance instance) {
    int steps = 0;
    for (Instance each = instance; each != null; each = each.getNearestGCRootPointer()) {
      if (each.isGCRoot()) return steps;
      steps++;
    }
    return -1;
  }

  /** Characters as their number, so that every line stays one. */
  private static String text(Object value, boolean isChar) {
    String text = String.valueOf(value);
    return isChar ? String.valueOf((int) text.charAt(0)) : text;
  }

  private static String hex(Instance instance) {
    return instance == null ? "0x0" : "0x" + Long.toHexString(instance.getInstanceId());
  }
}
