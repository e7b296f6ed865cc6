import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Version 4 of Cassandra's native protocol. */
const opcodes = { error: 0x00, startup: 0x01, ready: 0x02, query: 0x07, result: 0x08 } as const;
const headerBytes = 9;
const consistencyOne = 1;

/** Runs statements on a connection of its own, one after the other; a statement that fails throws. */
export async function withCql(
  port: number,
  work: (query: (cql: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const frames = framesOf(socket);
  const ask = async (opcode: number, body: Buffer, expected: number) => {
    socket.write(Buffer.concat([headerOf(opcode, body.length), body]));
    const { value: frame, done } = await frames.next();
    if (done === true) throw new Error("Cassandra ended the connection");
    if (frame.opcode !== expected)
      throw new Error(`expected frame ${expected} of Cassandra, got ${frame.opcode}: ${frame.body}`);
  };
  try {
    await ask(opcodes.startup, Buffer.concat([short(1), string("CQL_VERSION"), string("3.0.0")]), opcodes.ready);
    await work((cql) => {
      const text = Buffer.from(cql);
      const body = Buffer.concat([int(text.length), text, short(consistencyOne), Buffer.from([0])]);
      return ask(opcodes.query, body, opcodes.result);
    });
  } finally {
    socket.destroy();
  }
}

interface Frame {
  readonly opcode: number;
  readonly body: Buffer;
}

/** Version, flags, stream (two bytes), opcode, length of the body. */
function headerOf(opcode: number, length: number): Buffer {
  return Buffer.concat([Buffer.from([4, 0, 0, 0, opcode]), int(length)]);
}

async function* framesOf(socket: Socket): AsyncGenerator<Frame, void> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= headerBytes && bytes.length >= headerBytes + bytes.readUInt32BE(5)) {
      const end = headerBytes + bytes.readUInt32BE(5);
      yield { opcode: bytes[4]!, body: bytes.subarray(headerBytes, end) };
      bytes = bytes.subarray(end);
    }
  }
}

function short(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function string(text: string): Buffer {
  return Buffer.concat([short(Buffer.byteLength(text)), Buffer.from(text)]);
}
