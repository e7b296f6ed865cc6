import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IRule;
import org.openjdk.jmc.flightrecorder.rules.ResultToolkit;
import org.openjdk.jmc.flightrecorder.rules.RuleRegistry;
import org.openjdk.jmc.flightrecorder.rules.TypedResult;
import org.openjdk.jmc.flightrecorder.rules.util.RulesToolkit;

/** Every rule of JDK Mission Control over recordings: `file<TAB>rule<TAB>severity<TAB>score<TAB>summary`, one line each. */
public final class JmcRules {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      IItemCollection events = JfrLoaderToolkit.loadEvents(new File(file));
      Map<String, Future<IResult>> results = new TreeMap<>();
      for (Map.Entry<IRule, Future<IResult>> entry :
          RulesToolkit.evaluateParallel(RuleRegistry.getRules(), events, null, 1).entrySet()) {
        results.put(entry.getKey().getId(), entry.getValue());
      }
      for (Map.Entry<String, Future<IResult>> entry : results.entrySet()) print(file, entry.getKey(), entry.getValue());
    }
  }

  private static void print(String file, String rule, Future<IResult> future) throws InterruptedException {
    try {
      IResult result = future.get();
      var score = result.getResult(TypedResult.SCORE);
      String summary = ResultToolkit.populateMessage(result, result.getSummary(), false);
      String shown = score == null ? "" : String.format("%.1f", score.doubleValue());
      line(file, rule, result.getSeverity().name(), shown, String.valueOf(summary));
    } catch (ExecutionException error) {
      line(file, rule, "FAILED", "", String.valueOf(error.getCause()));
    }
  }

  private static void line(String... parts) {
    for (int i = 0; i < parts.length; i++) parts[i] = parts[i].replaceAll("\\s+", " ");
    System.out.println(String.join("\t", parts));
  }
}
