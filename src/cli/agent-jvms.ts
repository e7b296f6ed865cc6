import { readFileSync } from "node:fs";
import { createDiscovery } from "../jvm/discovery.ts";
import { readHostView } from "../jvm/host-view.ts";
import { insideRoot } from "../jvm/inside-root.ts";
import { openLiveTarget } from "../jvm/live-target.ts";
import { jolokiaEndpointOf } from "../jvm/mbeans/jolokia-endpoint.ts";
import type { MBeans, MBeansOptions } from "../jvm/mbeans/open-mbeans.ts";
import { openPerfCounters } from "../jvm/perf-counters.ts";
import { readText } from "../jvm/proc-reads.ts";
import { readProcessCommand } from "../jvm/process-command.ts";
import type { RequestLimits } from "../jvm/requests/request-limits.ts";
import { createTmpDiscovery } from "../jvm/tmp-discovery.ts";
import { UsageError } from "../model/errors.ts";
import type { DiscoveredJvm, JvmSource } from "../model/jvm-source.ts";
import type { Policy } from "../model/policy.ts";
import type { TargetIdentity } from "../model/target.ts";
import type { AgentLogs } from "./agent-log.ts";
import type { AgentSettings, JolokiaSettings, LimitSettings, ServiceSettings } from "./agent-settings.ts";
import { matchesPattern } from "./name-pattern.ts";

const roots = { procRoot: "/proc", sysRoot: "/sys" };

/** The JVMs of this machine or container, to be asked as the settings say. */
export function agentJvms(settings: AgentSettings, { audit }: Pick<AgentLogs, "audit">): JvmSource {
  const { procRoot } = roots;
  const discovery = createDiscovery({ procRoot });
  const tmpDiscovery = createTmpDiscovery({ procRoot, folders: settings.jvms.tmpFolders ?? usualTmpFolders(procRoot) });
  const limits = requestLimitsOf(settings.limits);
  return {
    async list(signal) {
      const seen = await discovery.list(signal);
      return [...seen, ...tmpDiscovery.list(seen)];
    },
    open(jvm) {
      const service = serviceOf(settings, jvm.identity);
      const policy = service?.policy ?? settings.policy;
      const jolokia = jolokiaOf(jvm, service, { policy, deadlineMillis: limits.requestMillis });
      return openLiveTarget(jvm, { ...roots, policy, limits, audit, openMBeans: jolokia });
    },
  };
}

/** In the machine's own PID namespace every process can be seen. */
function usualTmpFolders(procRoot: string): readonly string[] {
  return readHostView(procRoot).seesWholeMachine === false ? ["/tmp"] : [];
}

/** What the settings say of the service that a JVM is. */
export function serviceOf(
  { services }: Pick<AgentSettings, "services">,
  { name }: TargetIdentity,
): ServiceSettings | undefined {
  return services.find(({ match }) => matchesPattern(name, match));
}

function requestLimitsOf(
  limits: LimitSettings,
): Pick<
  RequestLimits,
  "requestsPerMinute" | "requestMillis" | "maxReplyBytes" | "maxStopMillis" | "stopMillisPerHour"
> {
  return {
    requestsPerMinute: limits.requestsPerMinute,
    requestMillis: limits.requestSeconds * 1000,
    maxReplyBytes: limits.replyMegabytes * 1024 * 1024,
    maxStopMillis: limits.maxStopMillis,
    stopMillisPerHour: limits.stopMillisPerHour,
  };
}

/** The Jolokia agent that the settings name or that the JVM was started with. The client is loaded when it is first needed. */
function jolokiaOf(
  jvm: DiscoveredJvm,
  service: ServiceSettings | undefined,
  options: { readonly policy: Policy; readonly deadlineMillis: number },
): ((stoppedSeconds: () => number | undefined) => Promise<MBeans>) | undefined {
  const configured = service?.jolokia;
  const found = configured === undefined ? foundEndpoint(jvm) : undefined;
  if (configured === undefined && found === undefined) return undefined;
  return async (stoppedSeconds) => {
    const { openMBeans } = await import("../jvm/mbeans/open-mbeans.ts");
    const endpoint = configured === undefined ? found! : endpointOf(configured);
    return openMBeans({ ...endpoint, ...options, stoppedSeconds });
  };
}

/** By its own command line: what an identity has of it is redacted. */
function foundEndpoint({ identity, tmpFolder }: DiscoveredJvm) {
  if (tmpFolder !== undefined) return jolokiaEndpointOf(countedArguments(identity, tmpFolder));
  const folder = `${roots.procRoot}/${identity.pid}`;
  const { flags } = readProcessCommand(folder, undefined);
  return jolokiaEndpointOf(flags, (path) => readText(insideRoot(`${folder}/root`, path)));
}

/** The JVM's arguments as its perf counters have them, with spaces between them. */
function countedArguments(identity: TargetIdentity, tmpFolder: string): readonly string[] {
  const source = openPerfCounters({ ...identity, tmpFolder });
  const answer = source.read();
  source.close();
  return answer.ok ? (answer.value.text("java.rt.vmArgs") ?? "").split(" ") : [];
}

function endpointOf(jolokia: JolokiaSettings): Omit<MBeansOptions, "deadlineMillis"> {
  const { url, user, passwordFile, tokenFile, caFile, certFile, keyFile, insecure } = jolokia;
  return {
    ...{ url, user },
    password: readSecret(passwordFile),
    token: readSecret(tokenFile),
    ca: readSecret(caFile),
    cert: readSecret(certFile),
    key: readSecret(keyFile),
    rejectUnauthorized: insecure !== true,
  };
}

function readSecret(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
