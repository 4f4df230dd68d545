import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { RecordedRequest } from '../../upstream/recorded-request.js';
import { everyByte, finish, status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import type { ConformanceGroup } from '../conformance-case.js';

const USAGE = { input: 5, output: 5 };
const DRIPPED = 'dripped '.repeat(40);
const TEXT = 'packed '.repeat(200);
/** More than most unpackers hand over at once, in few packed bytes. */
const LONG = 'packed '.repeat(20_000);

const takesGzip = ({ headers }: RecordedRequest): boolean => /\bgzip\b/.test(headers['accept-encoding'] ?? '');

type Head = Readonly<Record<string, string>>;

/** Packed for a provider that asks for it, as it is for any other. */
const packed =
  (head: Head, body: string, send: (bytes: Uint8Array) => UpstreamStep = write) =>
  (request: RecordedRequest): readonly UpstreamStep[] =>
    takesGzip(request)
      ? [status(200, { ...head, 'content-encoding': 'gzip' }), send(gzipSync(body)), finish()]
      : [status(200, head), write(body), finish()];

export const encodingCases: ConformanceGroup = {
  subject: 'content encodings',
  cases: [
    {
      name: 'reads a stream that is packed with gzip if it asks for it',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream([LONG], USAGE);
        const { provider } = await bench.pair(packed(headers, [...content, ...proof].join('')));
        assert.ok((await bench.text(provider)) === LONG, 'the text is not the one that was sent');
      },
    },
    {
      name: 'reads a packed stream that comes byte by byte',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream([DRIPPED], USAGE);
        const bytes = [...content, ...proof].join('');
        const { provider } = await bench.pair(packed(headers, bytes, (each) => everyByte(each)));
        assert.equal(await bench.text(provider), DRIPPED);
      },
    },
    {
      name: 'reads a whole answer that is packed with gzip if it asks for it',
      run: async (bench) => {
        const { headers, body } = bench.dialect.wholeText(TEXT, USAGE);
        const { provider } = await bench.pair(packed(headers, body));
        assert.equal(await bench.text(provider, bench.request({ delivery: 'whole' })), TEXT);
      },
    },
    {
      name: 'takes no answer in an encoding that nobody knows',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['a'], USAGE);
        const encoded = { ...headers, 'content-encoding': 'x-unheard-of' };
        const { provider } = await bench.pair([status(200, encoded), write([...content, ...proof].join('')), finish()]);
        assert.equal((await bench.failure(provider)).failureClass, 'malformed');
      },
    },
    {
      name: 'takes a packed answer that stops in the middle for a cut one',
      run: async (bench) => {
        const { headers, body } = bench.dialect.wholeText(TEXT, USAGE);
        const half = (bytes: Uint8Array): UpstreamStep => write(bytes.subarray(0, bytes.length / 2));
        const { provider } = await bench.pair((request) =>
          takesGzip(request)
            ? packed(headers, body, half)(request)
            : [status(200, headers), write(body.slice(0, body.length / 2)), finish()],
        );
        const { failureClass } = await bench.failure(provider, bench.request({ delivery: 'whole' }));
        assert.ok(['truncated', 'malformed'].includes(failureClass), `the failure class is '${failureClass}'`);
      },
    },
  ],
};
