import assert from 'node:assert/strict';
import type { StreamEvent, ToolCallEndEvent } from '@headrace/core/plugin';
import { cut, everyByte, finish, status } from '../../upstream/upstream-step.js';
import { type ConformanceCase, type ConformanceGroup, needs } from '../conformance-case.js';
import type { ConformanceSpec } from '../conformance-spec.js';
import type { Dialect, DialectToolCall, RenderedStream } from '../dialect.js';
import { textsIn } from '../texts-in.js';
import { wholeAnswer } from '../whole-answer.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 9, output: 9 };
const PAIR: readonly DialectToolCall[] = [
  { id: 'call_a', name: 'weather', argumentsJson: ['{"city":"', 'Zürich', '","days":2}'] },
  { id: 'call_b', name: 'weather', argumentsJson: ['{"city":"', 'Oslo', '","days":[1,2]}'] },
];
const MANY: readonly DialectToolCall[] = Array.from({ length: 24 }, (_call, place) => ({
  id: `call_${place}`,
  name: 'clock',
  argumentsJson: [`{"zone":${place}}`],
}));
const HUGE: DialectToolCall = {
  id: 'call_a',
  name: 'weather',
  argumentsJson: ['{"city":"', ...Array.from({ length: 100 }, () => 'x'.repeat(1000)), '"}'],
};
const SPIKED: DialectToolCall = { id: 'call_a', name: 'weather', argumentsJson: ['{"__proto__":', '{"spiked":1}}'] };
const TOOLS = ['weather', 'clock'].map((name) => ({
  name,
  description: `Tells the ${name}`,
  parameters: { type: 'object', properties: { place: { type: 'string', description: `Where the ${name} is` } } },
}));

const finished = (events: readonly StreamEvent[]): readonly ToolCallEndEvent[] =>
  events.filter((event): event is ToolCallEndEvent => event.type === 'tool-call-end');

const checkArguments = (ends: readonly ToolCallEndEvent[], calls: readonly DialectToolCall[]): void =>
  assert.deepEqual(
    ends.map(({ name, argumentsJson }) => [name, JSON.parse(argumentsJson)]),
    calls.map(({ name, argumentsJson }) => [name, JSON.parse(argumentsJson.join(''))]),
  );

const BROKEN: DialectToolCall = { id: 'call_a', name: 'weather', argumentsJson: ['{"city":"Oslo"'] };

/** Whole answers of some dialects hold arguments as values, which are never broken. */
const unableToBreak = ({ dialect }: ConformanceSpec): string | undefined => {
  try {
    dialect.wholeToolCalls?.([BROKEN], USAGE);
    return undefined;
  } catch {
    return `whole answers of the dialect '${dialect.name}' hold arguments as values`;
  }
};

type Renders = 'toolCallStream' | 'interleavedToolCalls' | 'toolCallsWithoutIds';

const render = (dialect: Dialect, member: Renders, calls: readonly DialectToolCall[]): RenderedStream => {
  const rendered = dialect[member]?.(calls, USAGE);
  assert.ok(rendered);
  return rendered;
};

const streams = (
  name: string,
  member: Renders,
  calls: readonly DialectToolCall[],
  check?: (ends: readonly ToolCallEndEvent[], bench: Workbench) => void,
): ConformanceCase => ({
  name,
  unable: needs(member),
  run: async (bench) => {
    const { provider } = await bench.pair(bench.streamed(render(bench.dialect, member, calls)));
    const ends = finished(wholeAnswer(await bench.run(provider, bench.request({ tools: TOOLS }))).events);
    checkArguments(ends, calls);
    check?.(ends, bench);
  },
});

export const toolFragmentCases: ConformanceGroup = {
  subject: 'tool calls in pieces',
  cases: [
    streams('keeps tool calls apart whose fragments come in turns', 'interleavedToolCalls', PAIR),
    streams('keeps two calls of one tool apart', 'toolCallStream', PAIR, (ends) =>
      assert.equal(new Set(ends.map(({ id }) => id)).size, 2, 'two calls share an id'),
    ),
    streams('gives ids of its own to tool calls that come without', 'toolCallsWithoutIds', PAIR, (ends) => {
      const ids = new Set(ends.map(({ id }) => id));
      assert.ok(ids.size === PAIR.length && !ids.has(''), 'the ids are not distinct texts');
    }),
    streams('hands over two dozen tool calls in their order', 'toolCallStream', MANY),
    streams('puts the arguments of a call together from a hundred fragments', 'toolCallStream', [HUGE]),
    streams('finishes a tool call without arguments as an empty object', 'toolCallStream', [
      { id: 'call_a', name: 'clock', argumentsJson: ['{}'] },
    ]),
    {
      name: 'keeps a member `__proto__` in the arguments of a call',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const whole = bench.dialect.wholeToolCalls?.([SPIKED], USAGE);
        const { provider } = await bench.pair(
          bench.streamed(render(bench.dialect, 'toolCallStream', [SPIKED])),
          ...(whole === undefined ? [] : [bench.whole(whole)]),
        );
        for (const delivery of whole === undefined ? (['stream'] as const) : (['stream', 'whole'] as const)) {
          const ends = finished(
            wholeAnswer(await bench.run(provider, bench.request({ delivery, tools: TOOLS }))).events,
          );
          checkArguments(ends, [SPIKED]);
          assert.ok(ends[0]?.argumentsJson.includes('__proto__'), `${delivery}: the member is gone`);
          assert.equal(Object({})['spiked'], undefined, 'every object has a member of the arguments');
        }
      },
    },
    {
      name: 'reads tool calls that come byte by byte',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const { headers, content, proof } = render(bench.dialect, 'toolCallStream', PAIR);
        const { provider } = await bench.pair([
          status(200, headers),
          everyByte([...content, ...proof].join('')),
          finish(),
        ]);
        const { events } = wholeAnswer(await bench.run(provider, bench.request({ tools: TOOLS })));
        checkArguments(finished(events), PAIR);
      },
    },
    {
      name: 'never finishes a tool call of an answer that is cut',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const rendered = render(bench.dialect, 'toolCallStream', [
          { id: 'call_a', name: 'weather', argumentsJson: ['{"city":"Os'] },
        ]);
        const { provider } = await bench.pair([...bench.unproved(rendered), cut()]);
        const { items, ended, error } = await bench.run(provider, bench.request({ tools: TOOLS }));
        assert.equal(ended, 'thrown', 'the cut answer ended as if it were whole');
        for (const { argumentsJson } of finished(items.flatMap(({ events }) => events))) {
          assert.doesNotThrow(() => JSON.parse(argumentsJson), 'the cut call was finished');
        }
        assert.equal(Object(error).failureClass, 'truncated', String(error));
      },
    },
    {
      name: 'never finishes a tool call of a whole answer whose arguments are no JSON',
      unable: (spec) => needs('wholeToolCalls')(spec) ?? unableToBreak(spec),
      run: async (bench) => {
        const rendered = bench.dialect.wholeToolCalls?.([BROKEN], USAGE);
        assert.ok(rendered);
        const { provider } = await bench.pair(bench.whole(rendered));
        const { items } = await bench.run(provider, bench.request({ delivery: 'whole', tools: TOOLS }));
        for (const { argumentsJson } of finished(items.flatMap(({ events }) => events))) {
          assert.doesNotThrow(() => JSON.parse(argumentsJson), 'a finished call has arguments that are no JSON');
        }
      },
    },
    {
      name: 'sends its tools with their descriptions',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const { upstream, provider } = await bench.speaking(['a']);
        await bench.text(provider, bench.request({ tools: TOOLS }));
        const texts = textsIn((await upstream.waitForRequest(1)).json);
        for (const { name, description } of TOOLS) {
          const told = [name, description, `Where the ${name} is`].filter((text) => !texts.includes(text));
          assert.deepEqual(told, [], 'these texts of the tools are not in the body');
        }
      },
    },
    {
      name: 'sends what a tool answered in the next turn',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const { upstream, provider } = await bench.speaking(['a']);
        await bench.text(
          provider,
          bench.request({
            tools: TOOLS,
            messages: [
              { role: 'user', content: 'How is it there?' },
              {
                role: 'assistant',
                content: [{ type: 'tool-call', id: 'call_a', name: 'weather', argumentsJson: '{"city":"Oslo"}' }],
              },
              { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'call_a', content: 'Sleet, 2 degrees' }] },
            ],
          }),
        );
        const { json, body } = await upstream.waitForRequest(1);
        assert.ok(
          textsIn(json).some((text) => text.includes('Sleet, 2 degrees')),
          'the result was not sent',
        );
        assert.ok(body.includes('weather') && body.includes('Oslo'), 'the call was not sent with its result');
      },
    },
  ],
};
