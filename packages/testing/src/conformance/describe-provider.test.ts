import { afterEach, describe, expect, it } from '@jest/globals';
import { watchInForce } from '../__fixtures__/canaries/process-hooks.js';
import type { Breach } from './__fixtures__/breach.js';
import { ReferenceProvider, referenceModule } from './__fixtures__/reference-provider.js';
import type { ConformanceSpec, TestRunner } from './conformance-spec.js';
import { describeProvider } from './describe-provider.js';
import { openAiChatDialect } from './open-ai-chat-dialect.js';

type Play = () => Promise<void>;

/** Runs nothing: keeps the cases by name, and what was left out. */
const collectCases = (spec: ConformanceSpec): { cases: Map<string, Play>; skipped: string[] } => {
  const cases = new Map<string, Play>();
  const skipped: string[] = [];
  const runner: TestRunner = {
    describe: (_name, body) => body(),
    it: Object.assign((name: string, play: Play) => cases.set(name, play), {
      skip: (name: string) => skipped.push(name),
    }),
  };
  describeProvider(runner, spec);
  return { cases, skipped };
};

const specOf = (...breaches: readonly Breach[]): ConformanceSpec => ({
  name: 'reference',
  create: (target) => new ReferenceProvider(target, ...breaches),
  module: (target) => referenceModule(target, ...breaches),
  dialect: openAiChatDialect,
  otherKinds: { embedding: {}, reranking: {}, image: {} },
  patienceMs: 400,
});

/** Each breach, and cases that must find it. */
const FOUND_BY: Readonly<Record<Breach, readonly string[]>> = {
  'id-in-capitals': ['has an id in lower-case kebab'],
  'no-completions': ['names the kinds of request it serves, completions among them'],
  'module-of-another-name': ['is registered by a module of the same name and of this contract'],
  'module-provides-twice': ['is registered as one provider, with at most one source of facts, every time anew'],
  'end-twice': ['streams the text and ends once, at the end', 'delivers a whole answer in one batch'],
  'wrong-text': ['streams the text and ends once, at the end'],
  'many-batches-for-whole': ['delivers a whole answer in one batch'],
  'characters-split': ['reads a stream that comes byte by byte'],
  'frames-split': ['reads a stream that comes byte by byte'],
  'one-frame-per-read': ['reads a stream that comes in one piece'],
  'all-at-the-end': ['hands over what has come before the rest is there'],
  'comments-are-frames': ['takes no notice of keep-alive bytes'],
  'no-end-without-text': ['accepts an answer without text'],
  'silent-phases': ['reports connecting, headers and bytes in this order'],
  'cached-counted-twice': [
    'reports the usage of a streamed answer, and its parts sum to the totals',
    'reports the usage of a whole answer, and its parts sum to the totals',
  ],
  'one-tool-index': [
    'ends streamed tool calls with valid JSON, each under its own index',
    'delivers the tool calls of a whole answer in the same events',
  ],
  'tool-json-unchecked': ['never finishes a tool call whose arguments are no JSON'],
  'cancel-ignored': [
    'sends nothing when it is cancelled before it starts',
    'throws the reason when it is cancelled while connecting',
    'closes the connection when it is cancelled while waiting for headers',
  ],
  'reason-wrapped': [
    'throws the reason when it is cancelled while connecting',
    'closes the connection when it is cancelled while streaming',
    'closes the connection when an embedding request is cancelled',
    'closes the connection when a reranking request is cancelled',
    'closes the connection when an image request is cancelled',
  ],
  'spoiled-by-late-cancel': ['gives its whole answer when it is cancelled after the end'],
  'connection-kept': [
    'closes the connection when it is cancelled while waiting for headers',
    'closes the connection when it is cancelled while waiting for a whole answer',
    'closes the connection when it is cancelled while waiting for the first content',
    'closes the connection when it is cancelled in the middle of a whole answer',
    'closes the connection when it is cancelled while streaming',
    'closes the connection when the reader leaves early',
  ],
  eager: ['sends nothing until it is read'],
  'end-of-input-is-the-end': [
    'takes a stream that ends in good order, but without proof, for a cut one',
    'takes a stream without a single frame for a cut one',
  ],
  'foreign-errors': [
    'takes a stream whose connection is closed for a cut one',
    'takes a stream whose connection is reset for a cut one',
    'takes half a frame at the end for a cut answer',
    'takes half of a whole answer for a cut one',
    'takes a whole answer that breaks off for a cut one',
    'calls a connection that closes before the answer a failure of transport',
    'calls a connection that breaks before the answer a failure of transport',
    'calls a refused connection a failure of transport',
    'takes half of the answer to an embedding request for a cut one',
    'takes half of the answer to a reranking request for a cut one',
    'takes half of the answer to an image request for a cut one',
  ],
  'every-status-upstream': [
    "gives a 400 the class 'caller', streamed or whole",
    "gives a 401 the class 'credential', streamed or whole",
    "gives a 402 the class 'quota', streamed or whole",
    "gives a 403 the class 'forbidden', streamed or whole",
    "gives a 404 the class 'model-not-found', streamed or whole",
    "gives a 429 the class 'rate', streamed or whole",
    "gives a 503 the class 'capacity', streamed or whole",
    'gives a refusal of an embedding request the class of its status',
    'gives a refusal of a reranking request the class of its status',
    'gives a refusal of an image request the class of its status',
  ],
  retries: ["gives a 500 the class 'upstream', streamed or whole"],
  'no-wait': ['passes on how many seconds a 429 asks to wait', 'passes on until which date a 429 asks to wait'],
  'invented-wait': ['invents no wait for a 429 that names none', 'invents no wait for a 429 whose hint cannot be read'],
  'body-before-status': [
    'goes by the status when the error page is HTML',
    'goes by the status when the error has no body',
  ],
  'anything-is-an-answer': [
    'calls an HTML page under 200 malformed',
    'calls a whole answer that is no JSON malformed',
    'calls a whole answer of another form malformed',
    'passes over a frame that breaks the format with a warning and proof of the end, or not at all',
  ],
  'errors-passed-over': ['fails when the stream reports an error, before or after the first content'],
  'key-in-path': ['sends its key in a header and nowhere else'],
  'upstream-quoted': ['keeps its key out of errors even when the upstream quotes it'],
  'answer-quoted': [
    'keeps the prompt out of errors even when the upstream answers with it',
    'keeps what an embedding request holds out of errors, and its key in a header',
    'keeps what a reranking request holds out of errors, and its key in a header',
    'keeps what an image request holds out of errors, and its key in a header',
  ],
  'follows-redirects': ['follows no redirect'],
  'close-once': ['can be closed twice, and before it was ever used'],
  'close-leaves-connections': ['leaves no connection open when it is closed'],
  'unusable-after-failure': ['serves the next call after a failed one'],
  'shared-agent': ['shares nothing with another provider of its kind'],
  'results-apart': [
    'answers an embedding request in one batch that ends in its result',
    'answers a reranking request in one batch that ends in its result',
    'answers an image request in one batch that ends in its result',
  ],
  'results-unchecked': [
    'refuses an answer that does not fit an embedding request',
    'refuses an answer that does not fit a reranking request',
    'refuses an answer that does not fit an image request',
  ],
  'other-kinds-unlisted': ['names the kinds of request it serves, completions among them'],
  'shared-text': ['keeps calls at the same time apart'],
};

const BREACHES = Object.keys(FOUND_BY) as Breach[];

describe('the conformance suite', () => {
  // Providers that tell their secrets are among the breaches.
  afterEach(() => void watchInForce().take());

  it.each(BREACHES)('finds the breach %s', async (breach) => {
    const { cases } = collectCases(specOf(breach));
    for (const name of FOUND_BY[breach]) await expect(cases.get(name)?.()).rejects.toThrow();
  });

  it('has no case that cannot fail', () => {
    const found = new Set(Object.values(FOUND_BY).flat());
    expect([...collectCases(specOf()).cases.keys()].filter((name) => !found.has(name))).toEqual([]);
  });

  it('names every case once', () => {
    const { cases } = collectCases(specOf());
    expect(cases.size).toBe(new Set(Object.values(FOUND_BY).flat()).size);
  });

  it('leaves out what the dialect cannot say', () => {
    const { toolCallStream, wholeToolCalls, inBandError, keepAlive, malformedFrame, ...dialect } = openAiChatDialect;
    expect([toolCallStream, wholeToolCalls, inBandError, keepAlive, malformedFrame]).not.toContain(undefined);
    const all = collectCases(specOf()).cases.size;
    expect(collectCases({ ...specOf(), dialect }).cases.size).toBe(all - 6);
  });

  it('holds a provider only to the kinds that it is said to do', () => {
    const { otherKinds, ...spec } = specOf();
    const all = collectCases({ ...spec, ...(otherKinds === undefined ? {} : { otherKinds }) }).cases.size;
    expect(collectCases(spec).cases.size).toBe(all - 18);
    expect(collectCases({ ...spec, otherKinds: { image: {} } }).cases.size).toBe(all - 12);
  });

  it('refuses a kind whose answers the dialect cannot say', () => {
    const { embeddings, ...dialect } = openAiChatDialect;
    expect(embeddings).toBeDefined();
    expect(() => collectCases({ ...specOf(), dialect })).toThrow(
      "has no `embeddings`, which the kind 'embedding' needs",
    );
  });

  it('shows the cases that an author leaves out, with the reason', () => {
    const except = { 'follows no redirect': 'the upstream moves its regions' };
    const { cases, skipped } = collectCases({ ...specOf(), except });
    expect(cases.has('follows no redirect')).toBe(false);
    expect(skipped).toEqual(['follows no redirect (left out: the upstream moves its regions)']);
  });

  it('refuses to leave out a case that does not exist', () => {
    const except = { 'follows every redirect': 'why not' };
    expect(() => collectCases({ ...specOf(), except })).toThrow("named 'follows every redirect'");
  });

  it('gives up a case that waits in vain, and says what for', async () => {
    const { cases } = collectCases({ ...specOf('cancel-ignored'), patienceMs: 50 });
    const play = cases.get('closes the connection when it is cancelled while waiting for headers');
    await expect(play?.()).rejects.toThrow('waited 50 ms for the cancelled call to throw');
  });
});
