import type { Format } from "../../model/format.ts";
import { ProtobufReader } from "./protobuf.ts";

/** Profiles of google/pprof's `profile.proto`, gzip taken off: Go, jfrconv, Pyroscope, Parca, Datadog. */
export const pprofFormat: Format = {
  name: "pprof",
  description: "pprof profiles (profile.proto, with or without gzip)",
  sniff: isPprof,
};

/** Fields of the message `Profile` and how each is written; anything else first is not one. */
const wireTypes: Readonly<Record<number, readonly number[]>> = {
  1: [2],
  2: [2],
  3: [2],
  4: [2],
  5: [2],
  6: [2],
  7: [0],
  8: [0],
  9: [0],
  10: [0],
  11: [2],
  12: [0],
  13: [0, 2],
  14: [0],
  15: [0],
};
const enoughFields = 64;

/** Every field at the beginning is one of the message, types of values come first or soon, and their texts are small numbers. */
function isPprof(head: Uint8Array): boolean {
  const reader = new ProtobufReader(head);
  let hasSampleType = false;
  let fields = 0;
  while (fields < enoughFields && reader.next()) {
    if (!wireTypes[reader.field]?.includes(reader.wireType)) return false;
    if (reader.field === 1 && !isValueType(reader.message())) return false;
    hasSampleType ||= reader.field === 1;
    fields++;
  }
  return hasSampleType && (fields >= 3 || reader.brokenAt < 0);
}

function isValueType(message: ProtobufReader): boolean {
  if (message.end - message.at > 12) return false;
  while (message.next()) if (message.field > 2 || message.wireType !== 0) return false;
  return message.brokenAt < 0;
}
