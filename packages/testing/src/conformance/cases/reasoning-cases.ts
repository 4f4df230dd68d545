import assert from 'node:assert/strict';
import { type AssistantPart, type StreamEvent } from '@headrace/core/plugin';
import { type ConformanceGroup, needs } from '../conformance-case.js';
import { textsIn } from '../texts-in.js';
import { wholeAnswer } from '../whole-answer.js';
import type { Workbench } from '../workbench.js';

const SIGNATURE = 'sig-of-the-conformance-suite-0b7e==';
const ANSWER = {
  reasoning: ['First ', 'things first: ', '日本.'],
  signature: SIGNATURE,
  text: ['There', 'fore.'],
  usage: { input: 5, output: 9, reasoning: 4 },
};
const THOUGHT = ANSWER.reasoning.join('');
const TEXT = ANSWER.text.join('');

const thoughtIn = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('');

const streamed = async (bench: Workbench): Promise<readonly StreamEvent[]> => {
  const rendered = bench.dialect.reasoningStream?.(ANSWER);
  assert.ok(rendered);
  const { provider } = await bench.pair(bench.streamed(rendered));
  return wholeAnswer(await bench.run(provider)).events;
};

const whole = async (bench: Workbench): Promise<readonly StreamEvent[]> => {
  const rendered = bench.dialect.wholeReasoning?.(ANSWER);
  assert.ok(rendered);
  const { provider } = await bench.pair(bench.whole(rendered));
  return wholeAnswer(await bench.run(provider, bench.request({ delivery: 'whole' }))).events;
};

const detailsIn = (events: readonly StreamEvent[]) =>
  events.flatMap((event) => (event.type === 'reasoning-delta' && event.details !== undefined ? [event.details] : []));

/** Sends what was thought on with the next turn, as a host does, and expects its proof on the wire. */
const replay = async (bench: Workbench, events: readonly StreamEvent[]): Promise<void> => {
  const details = detailsIn(events).at(-1);
  assert.ok(details !== undefined, 'no details of the thought came');
  const thought: AssistantPart = { type: 'reasoning', text: THOUGHT, details };
  const { upstream, provider } = await bench.speaking(['and so on']);
  await bench.text(
    provider,
    bench.request({
      messages: [
        { role: 'user', content: 'Think.' },
        { role: 'assistant', content: [thought, { type: 'text', text: TEXT }] },
        { role: 'user', content: 'Go on.' },
      ],
    }),
  );
  const texts = textsIn((await upstream.waitForRequest(1)).json);
  assert.ok(texts.includes(SIGNATURE), 'the signature of the thought was not sent back');
};

export const reasoningCases: ConformanceGroup = {
  subject: 'reasoning',
  cases: [
    {
      name: 'streams a thought apart from the text',
      unable: needs('reasoningStream'),
      run: async (bench) => {
        const events = await streamed(bench);
        assert.equal(thoughtIn(events), THOUGHT);
        const said = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
        assert.equal(said.join(''), TEXT);
      },
    },
    {
      name: 'hands over the thought before the text that follows from it',
      unable: needs('reasoningStream'),
      run: async (bench) => {
        // What has no text is news of the details only.
        const spoken = (await streamed(bench)).filter((event) => 'text' in event && event.text !== '');
        const kinds = spoken.map(({ type }) => type);
        const lastThought = kinds.lastIndexOf('reasoning-delta');
        assert.ok(lastThought !== -1 && lastThought < kinds.indexOf('text-delta'), kinds.join(', '));
      },
    },
    {
      name: 'delivers the thought of a whole answer in the same events',
      unable: needs('wholeReasoning'),
      run: async (bench) => assert.equal(thoughtIn(await whole(bench)), THOUGHT),
    },
    {
      name: 'sends a streamed thought back with its signature in the next turn',
      unable: needs('reasoningStream'),
      run: async (bench) => replay(bench, await streamed(bench)),
    },
    {
      name: 'sends a thought that came whole back with its signature in the next turn',
      unable: needs('wholeReasoning'),
      run: async (bench) => replay(bench, await whole(bench)),
    },
    {
      name: 'counts the tokens of a thought as output',
      unable: needs('reasoningStream'),
      run: async (bench) => {
        const end = (await streamed(bench)).at(-1);
        assert.ok(end?.type === 'response-end' && end.usage !== undefined, 'no usage was reported');
        assert.equal(end.usage.output.total, ANSWER.usage.output);
      },
    },
  ],
};
