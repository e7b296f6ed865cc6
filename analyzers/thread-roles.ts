import type { ProfileThread } from "../src/model/profile.ts";

/** Threads of the recorder and the JVM's own service threads: what they do is nobody's fault. */
export function isServiceThread({ name }: Pick<ProfileThread, "name">): boolean {
  return /^(JFR |Attach Listener$|Signal Dispatcher$|Common-Cleaner$|Finalizer$|Reference Handler$|Notification Thread$|Service Thread$|process reaper|async-profiler|C[12] CompilerThread|G1 |GC Thread|VM )/.test(
    name,
  );
}

const eventLoops =
  /^(epollEventLoop|nioEventLoop|kqueueEventLoop|ioUringEventLoop|multiThreadIoEventLoop|vert\.x-eventloop|Messaging-EventLoop|reactor-(http|tcp|udp)|parallel-|data-plane-kafka-network|control-plane-kafka-network|kafka-\d+-raft-io-thread|lettuce-\w*EventLoop|grpc-(nio|default|epoll)-worker|XNIO-\d+ I\/O|aws-java-sdk-NettyEventLoop|.*\bakka\.actor\.default-dispatcher|.*\bpekko\.actor\.default-dispatcher|.*\[transport_worker\]|.*\bEventLoop(Group)?\b)/;

/** Whether threads of the pool must never block because each serves many connections or actors. */
export function isEventLoop(pool: string): boolean {
  return eventLoops.test(pool);
}
