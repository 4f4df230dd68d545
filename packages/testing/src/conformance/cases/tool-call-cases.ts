import assert from 'node:assert/strict';
import type { StreamEvent, ToolCallEndEvent } from '@headrace/core/plugin';
import { type ConformanceGroup, needs } from '../conformance-case.js';
import type { DialectToolCall } from '../dialect.js';
import { wholeAnswer } from '../whole-answer.js';

const USAGE = { input: 9, output: 9 };
const CALLS: readonly DialectToolCall[] = [
  { id: 'call_a', name: 'weather', argumentsJson: ['{"city":', '"Zür', 'ich 🜁"}'] },
  { id: 'call_b', name: 'clock', argumentsJson: ['{"zone":', ' "UTC", "exact": true}'] },
];

const TOOLS = ['weather', 'clock'].map((name) => ({ name, parameters: { type: 'object', properties: {} } }));

const finished = (events: readonly StreamEvent[]): readonly ToolCallEndEvent[] =>
  events.filter((event): event is ToolCallEndEvent => event.type === 'tool-call-end');

const checkCalls = (events: readonly StreamEvent[]): void => {
  const ends = finished(events);
  assert.deepEqual(
    ends.map(({ id, name }) => [id, name]),
    CALLS.map(({ id, name }) => [id, name]),
  );
  for (const [position, end] of ends.entries()) {
    const sent = CALLS[position]?.argumentsJson.join('') ?? '';
    assert.doesNotThrow(() => JSON.parse(end.argumentsJson), 'the arguments of a finished call are no JSON');
    assert.deepEqual(JSON.parse(end.argumentsJson), JSON.parse(sent));
    const own = events.filter((event) => 'index' in event && event.index === end.index);
    assert.equal(own[0]?.type, 'tool-call-start', 'a call begins with its start');
    assert.equal(own.at(-1), end, 'something of a call came after its end');
    const deltas = own.map((event) => (event.type === 'tool-call-delta' ? event.argumentsJson : '')).join('');
    assert.equal(deltas, end.argumentsJson, 'the fragments are not the whole');
  }
  assert.equal(new Set(ends.map(({ index }) => index)).size, ends.length, 'two calls share an index');
};

export const toolCallCases: ConformanceGroup = {
  subject: 'tool calls',
  cases: [
    {
      name: 'ends streamed tool calls with valid JSON, each under its own index',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const rendered = bench.dialect.toolCallStream?.(CALLS, USAGE);
        assert.ok(rendered);
        const { provider } = await bench.pair(bench.streamed(rendered));
        const { events, end } = wholeAnswer(await bench.run(provider, bench.request({ tools: TOOLS })));
        checkCalls(events);
        assert.equal(end.reason, 'tool-calls');
      },
    },
    {
      name: 'delivers the tool calls of a whole answer in the same events',
      unable: needs('wholeToolCalls'),
      run: async (bench) => {
        const rendered = bench.dialect.wholeToolCalls?.(CALLS, USAGE);
        assert.ok(rendered);
        const { provider } = await bench.pair(bench.whole(rendered));
        const request = bench.request({ delivery: 'whole', tools: TOOLS });
        const { events, end } = wholeAnswer(await bench.run(provider, request));
        checkCalls(events);
        assert.equal(end.reason, 'tool-calls');
      },
    },
    {
      name: 'never finishes a tool call whose arguments are no JSON',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const broken: DialectToolCall = { id: 'call_a', name: 'weather', argumentsJson: ['{"city":', ' "Zü'] };
        const rendered = bench.dialect.toolCallStream?.([broken], USAGE);
        assert.ok(rendered);
        const { provider } = await bench.pair(bench.streamed(rendered));
        const { items } = await bench.run(provider, bench.request({ tools: TOOLS }));
        for (const { argumentsJson } of finished(items.flatMap((batch) => batch.events))) {
          assert.doesNotThrow(() => JSON.parse(argumentsJson), 'a finished call has arguments that are no JSON');
        }
      },
    },
  ],
};
