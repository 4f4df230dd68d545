// The upstream, in a process of its own: serves prebuilt bytes as fast as sockets take them, one shape of answer on one
// port. `node upstream.mjs '<shape as JSON>'` prints the port. It knows just enough HTTP to be cheaper than any client.
import { createServer } from 'node:net';
import process from 'node:process';
import { API_KEY, MODEL, PROMPT, streamFrames, wholeBody } from './answers.mjs';

/**
 * @typedef {object} Shape
 * @property {number} chunks content frames of one answer
 * @property {number} [framesPerWrite] present: the answer is a stream, written so many frames at a time
 * @property {number} [gapUs] least time between two writes of this process, whatever their socket. Default 0
 */

/** @type {Shape} */
const shape = JSON.parse(process.argv[2] ?? '');
const gapMs = (shape.gapUs ?? 0) / 1000;

/** @param {string} more */
const head = (more) =>
  `HTTP/1.1 200 OK\r\ncache-control: public, max-age=0, must-revalidate\r\n${more}\r\ndate: Mon, 21 Sep 2026 12:00:00 GMT\r\nkeep-alive: timeout=60\r\nserver: Vercel\r\nstrict-transport-security: max-age=63072000\r\nx-vercel-id: fra1::iad1::bench-1790000000000-0123456789ab\r\n\r\n`;

function wholeAnswer() {
  const body = wholeBody(shape.chunks);
  return [Buffer.from(head(`content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`) + body)];
}

/** @param {number} framesPerWrite */
function streamedAnswer(framesPerWrite) {
  const frames = streamFrames(shape.chunks);
  const parts = [];
  for (let start = 0; start < frames.length; start += framesPerWrite) {
    const text = frames.slice(start, start + framesPerWrite).join('');
    parts.push(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  }
  parts[0] = head('content-type: text/event-stream\r\ntransfer-encoding: chunked') + parts[0];
  parts[parts.length - 1] += '0\r\n\r\n';
  return parts.map((part) => Buffer.from(part));
}

const writes = shape.framesPerWrite === undefined ? wholeAnswer() : streamedAnswer(shape.framesPerWrite);

/** @type {{ socket: import('node:net').Socket, next: number }[]} */
let streams = [];
let lastWriteAt = 0;

/** One write for each stream in turn; sockets that are full wait for theirs. */
function turn() {
  const open = [];
  for (const stream of streams) {
    const { socket } = stream;
    if (socket.destroyed) continue;
    if (!socket.writableNeedDrain) {
      while (gapMs > 0 && performance.now() < lastWriteAt + gapMs);
      lastWriteAt = performance.now();
      const bytes = writes[stream.next];
      if (bytes !== undefined) socket.write(bytes);
      stream.next += 1;
    }
    if (stream.next < writes.length) open.push(stream);
  }
  streams = open;
  if (streams.length > 0) setImmediate(turn);
}

/** @param {import('node:net').Socket} socket */
function answer(socket) {
  const [whole] = writes;
  if (writes.length === 1 && whole !== undefined) {
    socket.write(whole);
    return;
  }
  streams.push({ socket, next: 0 });
  if (streams.length === 1) setImmediate(turn);
}

/** @param {string} request head and body */
function faultOf(request) {
  if (!request.startsWith('POST /v1/chat/completions ')) return 'path';
  if (!request.toLowerCase().includes(`\r\nauthorization: bearer ${API_KEY}\r\n`)) return 'key';
  const body = JSON.parse(request.slice(request.indexOf('\r\n\r\n') + 4));
  if (body.model !== MODEL) return 'model';
  if (!JSON.stringify(body.messages).includes(PROMPT)) return 'prompt';
  return (body.stream ?? false) === (shape.framesPerWrite !== undefined) ? undefined : 'stream';
}

const server = createServer({ noDelay: true }, (socket) => {
  let seen = '';
  let accepted = '';
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1').on('data', (/** @type {string} */ text) => {
    seen += text;
    const headEnd = seen.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(seen)?.[1] ?? 0);
    if (seen.length < headEnd + 4 + length) return;
    // A connection repeats one request; only what differs from the last one is looked at.
    if (seen !== accepted) {
      const fault = faultOf(seen);
      if (fault !== undefined) {
        const body = JSON.stringify({ error: { message: `the bench's upstream does not know this ${fault}` } });
        const status = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
        socket.write(`${status}\r\n\r\n${body}`);
        seen = '';
        return;
      }
      accepted = seen;
    }
    seen = '';
    answer(socket);
  });
});

server.listen({ host: '127.0.0.1', port: 0, backlog: 511 }, () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`);
});
// Ends with the bench, however that ends.
process.stdin.resume().on('end', () => process.exit());
