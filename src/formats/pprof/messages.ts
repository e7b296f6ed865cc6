import { ProtobufReader } from "./protobuf.ts";

/** A file of google/pprof's `profile.proto`, as its tables; texts are indexes into `strings`. */
export interface PprofFile {
  readonly strings: string[];
  readonly sampleTypes: ValueType[];
  readonly samples: Sample[];
  readonly mappingNames: Map<number, number>;
  readonly locations: Map<number, Location>;
  readonly functionNames: Map<number, number>;
  timeNanos: number;
  durationNanos: number;
  periodType: ValueType | undefined;
  period: number;
  readonly comments: number[];
  /** Byte at which reading ended early; −1 when the file is whole. */
  brokenAt: number;
}

export interface ValueType {
  type: number;
  unit: number;
}

/** Locations leaf first. */
export interface Sample {
  readonly locations: number[];
  readonly values: number[];
  readonly labels: Label[];
}

export interface Label {
  key: number;
  text: number;
  number: number;
}

export interface Location {
  mapping: number;
  address: number;
  readonly lines: { functionId: number; line: number }[];
}

const decoder = new TextDecoder();

/** Reads all tables; a broken file gives what was read before. */
export function parsePprof(bytes: Uint8Array): PprofFile {
  const file: PprofFile = {
    strings: [],
    sampleTypes: [],
    samples: [],
    mappingNames: new Map(),
    locations: new Map(),
    functionNames: new Map(),
    timeNanos: 0,
    durationNanos: 0,
    periodType: undefined,
    period: 0,
    comments: [],
    brokenAt: -1,
  };
  const reader = new ProtobufReader(bytes);
  while (reader.next()) readField(reader, file);
  file.brokenAt = reader.brokenAt;
  return file;
}

function readField(reader: ProtobufReader, file: PprofFile): void {
  switch (reader.field) {
    case 6:
      if (reader.wireType === 2) file.strings.push(decoder.decode(reader.bytes.subarray(reader.start, reader.stop)));
      return;
    case 9:
      file.timeNanos = reader.value;
      return;
    case 10:
      file.durationNanos = reader.value;
      return;
    case 12:
      file.period = reader.value;
      return;
    case 13:
      reader.pushNumbers(file.comments);
      return;
    default:
      if (reader.wireType === 2) readMessage(reader, file);
  }
}

function readMessage(reader: ProtobufReader, file: PprofFile): void {
  const message = reader.message();
  switch (reader.field) {
    case 1:
      file.sampleTypes.push(valueTypeOf(message));
      return;
    case 2:
      file.samples.push(sampleOf(message));
      return;
    case 3:
      readNamed(message, file.mappingNames, 5);
      return;
    case 4:
      readLocation(message, file.locations);
      return;
    case 5:
      readNamed(message, file.functionNames, 2);
      return;
    case 11:
      file.periodType = valueTypeOf(message);
  }
}

function valueTypeOf(message: ProtobufReader): ValueType {
  const valueType = { type: 0, unit: 0 };
  while (message.next()) {
    if (message.field === 1) valueType.type = message.value;
    if (message.field === 2) valueType.unit = message.value;
  }
  return valueType;
}

function sampleOf(message: ProtobufReader): Sample {
  const sample: Sample = { locations: [], values: [], labels: [] };
  while (message.next()) {
    if (message.field === 1) message.pushNumbers(sample.locations);
    if (message.field === 2) message.pushNumbers(sample.values);
    if (message.field === 3 && message.wireType === 2) sample.labels.push(labelOf(message.message()));
  }
  return sample;
}

function labelOf(message: ProtobufReader): Label {
  const label = { key: 0, text: 0, number: 0 };
  while (message.next()) {
    if (message.field === 1) label.key = message.value;
    if (message.field === 2) label.text = message.value;
    if (message.field === 3) label.number = message.value;
  }
  return label;
}

/** Mappings and functions: an id, and a name in the given field. */
function readNamed(message: ProtobufReader, names: Map<number, number>, nameField: number): void {
  let id = 0;
  let name = 0;
  while (message.next()) {
    if (message.field === 1) id = message.value;
    if (message.field === nameField) name = message.value;
  }
  names.set(id, name);
}

function readLocation(message: ProtobufReader, locations: Map<number, Location>): void {
  const location: Location = { mapping: 0, address: 0, lines: [] };
  let id = 0;
  while (message.next()) {
    if (message.field === 1) id = message.value;
    if (message.field === 2) location.mapping = message.value;
    if (message.field === 3) location.address = message.value;
    if (message.field === 4 && message.wireType === 2) location.lines.push(lineOf(message.message()));
  }
  locations.set(id, location);
}

function lineOf(message: ProtobufReader) {
  const line = { functionId: 0, line: 0 };
  while (message.next()) {
    if (message.field === 1) line.functionId = message.value;
    if (message.field === 2) line.line = message.value;
  }
  return line;
}
