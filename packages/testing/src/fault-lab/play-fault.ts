import { performance } from 'node:perf_hooks';
import type { Delivery } from '@headrace/core/plugin';
import type { Evidence, SeenCall } from './evidence.js';
import type { Fault } from './fault.js';
import { LabAnswer } from './lab-answer.js';
import type { LabCall, LabClient, LabSubject, LabTool, Received } from './lab-subject.js';
import { startLabUpstreams } from './lab-upstreams.js';
import { TextWatch } from './text-watch.js';

/** What a call may take beyond its limit before it counts as one without end, in ms. */
const GRACE_MS = 1_500;
/** How long an upstream waits for the caller to show what was sent, in ms. */
const PATIENCE_MS = 1_000;

const PROMPT = 'lab_prompt: what do rivers carry?';

const TOOLS: readonly LabTool[] = [
  {
    name: 'depth',
    description: 'Depth of the river at a place',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  },
];

/** What a call that ended otherwise than it should tells its caller all the same. */
const thrown = (error: unknown): Received => ({
  ended: 'error',
  message: error instanceof Error ? error.message : String(error),
  printed: error instanceof Error ? String(error.stack) : String(error),
});

const oneCall = async (
  client: LabClient,
  call: Omit<LabCall, 'onText'>,
  watch: TextWatch,
  stopped: Promise<undefined>,
): Promise<SeenCall> => {
  const startedAtMs = performance.now();
  let isOver = false;
  const onText = (piece: string): void => {
    if (!isOver) watch.add(piece);
  };
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), call.timeoutMs + GRACE_MS);
  });
  const ending = (async () => client.call({ ...call, onText }))().catch(thrown);
  const received = await Promise.race([ending, givenUp, stopped]);
  clearTimeout(timer);
  isOver = true;
  const { firstAtMs } = watch;
  return {
    startedAtMs,
    endedAtMs: performance.now(),
    text: watch.text,
    ...(firstAtMs === undefined ? {} : { firstTextAtMs: firstAtMs }),
    ...(received === undefined ? {} : { received }),
  };
};

/**
 * Plays one fault to one subject, and writes down what was seen.
 * @param stopped gives up the calls under way when it resolves; what was seen then counts for nothing
 */
export const playFault = async (
  fault: Fault,
  delivery: Delivery,
  subject: LabSubject,
  stopped: Promise<undefined>,
): Promise<Evidence> => {
  const now = (): number => performance.now();
  const asks = fault.asks ?? 'text';
  const answer = new LabAnswer(asks);
  let watch = new TextWatch(now);
  const upstreams = await startLabUpstreams({
    fault,
    delivery,
    answer,
    hasFallback: subject.hasFallback,
    seen: (length) => watch.reaches(length, PATIENCE_MS),
    now,
  });
  try {
    const client = await subject.open(upstreams.targets);
    const calls: SeenCall[] = [];
    try {
      const tools = asks === 'tools' ? TOOLS : [];
      const call = { delivery, prompt: PROMPT, tools, timeoutMs: subject.timeoutMs };
      for (let left = fault.calls ?? 1; left > 0; left -= 1) {
        watch = new TextWatch(now);
        calls.push(await oneCall(client, call, watch, stopped));
      }
    } finally {
      await client.close();
    }
    const secrets = [...upstreams.targets.map(({ apiKey }) => apiKey), PROMPT];
    return { fault, delivery, answer, subject, secrets, calls, requests: [...upstreams.requests] };
  } finally {
    await upstreams.close();
  }
};
