import type { CallContext, ResponseEndEvent, StreamEvent, ToolCallEndEvent } from '@headrace/core/plugin';
import { tokenUsage } from '../../../script/token-counts.js';
import { defective, missending, mistelling, type Mutant, rebatching, saying } from './mutant.js';

/** Another end for an answer, by what it said and how it was asked. */
const ending = (
  scenario: string,
  spots: (end: ResponseEndEvent, text: string, delivery: string) => boolean,
  instead: (end: ResponseEndEvent) => readonly StreamEvent[],
): Mutant => {
  const said = new WeakMap<CallContext, string>();
  return defective(scenario, {
    said: (event, request, context) => {
      const text = said.get(context) ?? '';
      if (event.type === 'text-delta') said.set(context, text + event.text);
      const isMeant = request.kind === 'completion' && event.type === 'response-end';
      return isMeant && spots(event, text, request.delivery) ? instead(event) : [event];
    },
  });
};

const withoutUsage = ({ usage: _usage, ...end }: ResponseEndEvent): readonly StreamEvent[] => [end];

const cachedTwice = (end: ResponseEndEvent): readonly StreamEvent[] => {
  const { usage } = end;
  if (usage === undefined) return [end];
  const uncached = usage.input.uncached + usage.input.cacheRead;
  return [{ ...end, usage: { ...usage, input: { ...usage.input, uncached } } }];
};

const hasCached = ({ usage }: ResponseEndEvent): boolean => (usage?.input.cacheRead ?? 0) > 0;

const ENDS: readonly Mutant[] = [
  ending(
    'tells the ordinary end in the word of the upstream',
    ({ rawReason }, text) => text === 'a' && rawReason === 'stop',
    (end) => [{ ...end, rawReason: 'STOP' }],
  ),
  ending(
    'tells an answer that reached its limit',
    ({ reason }) => reason === 'length',
    (end) => [{ ...end, reason: 'stop' }],
  ),
  ending(
    'tells an answer that a filter ended',
    ({ reason }, text) => reason === 'content-filter' && text === 'a',
    (end) => [{ ...end, reason: 'stop' }],
  ),
  ending(
    'tells an end that nobody knows as unknown, in the word of the upstream',
    ({ reason }) => reason === 'unknown',
    (end) => [{ ...end, reason: 'stop' }],
  ),
  ending(
    'takes an answer that a filter ended before any text for a whole one',
    ({ reason }, text) => reason === 'content-filter' && text === '',
    () => [],
  ),
  ending(
    'tells the same end whether the answer comes streamed or whole',
    (_end, text, delivery) => text === 'one answer' && delivery === 'whole',
    withoutUsage,
  ),
  ending(
    'reports the usage of a streamed answer, and its parts sum to the totals',
    (end, _text, delivery) => hasCached(end) && delivery === 'stream',
    cachedTwice,
  ),
  ending(
    'reports the usage of a whole answer, and its parts sum to the totals',
    (end, _text, delivery) => hasCached(end) && delivery === 'whole',
    cachedTwice,
  ),
  ending(
    'counts beyond 32 bits exactly',
    ({ usage }) => (usage?.input.total ?? 0) > 2 ** 32,
    (end) => [{ ...end, usage: tokenUsage({ input: (end.usage?.input.total ?? 0) >>> 0, output: 1 }) }],
  ),
  ending(
    'invents no usage where the upstream reports none',
    ({ usage }) => usage === undefined,
    (end) => [{ ...end, usage: tokenUsage({}) }],
  ),
  ending(
    'reports the usage of an answer that calls tools',
    ({ reason }) => reason === 'tool-calls',
    withoutUsage,
  ),
  ending(
    'reports to each of two calls at the same time its own usage',
    ({ usage }) => usage?.input.total === 202,
    (end) => [{ ...end, usage: tokenUsage({ input: 101, output: 1 }) }],
  ),
  ending(
    'counts the tokens of a thought as output',
    (_end, text, delivery) => text === 'Therefore.' && delivery === 'stream',
    (end) => [{ ...end, usage: tokenUsage({ input: 5, output: 5 }) }],
  ),
  // In a gateway: a defect inside, since the module makes its own provider.
  defective('leaves its usage and neither key nor prompt in the receipt', {
    said: (event) =>
      event.type === 'response-end' && event.usage?.input.total === 12 && event.usage.output.total === 7
        ? withoutUsage(event)
        : [event],
  }),
];

const thoughtHeld = (): Mutant => {
  const held = new WeakMap<CallContext, StreamEvent>();
  return defective('hands over the thought before the text that follows from it', {
    said: (event, request, context) => {
      if (request.delivery !== 'stream') return [event];
      if (event.type === 'reasoning-delta' && event.text === '日本.') {
        held.set(context, { type: 'reasoning-delta', text: event.text });
        return [];
      }
      const late = held.get(context);
      if (late === undefined || event.type !== 'text-delta') return [event];
      held.delete(context);
      return [event, late];
    },
  });
};

const REASONING: readonly Mutant[] = [
  mistelling('streams a thought apart from the text', (text, { delivery }) =>
    delivery === 'stream' && text === 'There' ? 'First There' : text,
  ),
  thoughtHeld(),
  saying('delivers the thought of a whole answer in the same events', (event, { delivery }) =>
    event.type === 'reasoning-delta' && delivery === 'whole' ? [{ ...event, text: '' }] : [event],
  ),
  missending('sends a streamed thought back with its signature in the next turn', (body) =>
    body.replace(/"index":0,"signature":"[^"]*"/, '"index":0'),
  ),
  missending('sends a thought that came whole back with its signature in the next turn', (body) =>
    body.replace(/"type":"reasoning\.text","signature":"[^"]*",/, '"type":"reasoning.text",'),
  ),
];

type Spots = (end: ToolCallEndEvent, delivery: string) => boolean;

/** Another end for a tool call. */
const toolEnding = (scenario: string, spots: Spots, instead: (end: ToolCallEndEvent) => readonly StreamEvent[]): Mutant =>
  saying(scenario, (event, { delivery }) =>
    event.type === 'tool-call-end' && spots(event, delivery) ? instead(event) : [event],
  );

/** Gives every fragment to the call that started last. */
const lastStarted = (): Mutant => {
  const open = new WeakMap<CallContext, { index: number; readonly said: Map<number, string> }>();
  return defective('keeps tool calls apart whose fragments come in turns', {
    said: (event, _request, context) => {
      const state = open.get(context) ?? { index: 0, said: new Map<number, string>() };
      open.set(context, state);
      if (event.type === 'tool-call-start') state.index = event.index;
      if (event.type === 'tool-call-delta') {
        const { index } = state;
        state.said.set(index, (state.said.get(index) ?? '') + event.argumentsJson);
        return [{ ...event, index }];
      }
      if (event.type === 'tool-call-end') return [{ ...event, argumentsJson: state.said.get(event.index) ?? '' }];
      return [event];
    },
  });
};

const TOOLS: readonly Mutant[] = [
  toolEnding(
    'ends streamed tool calls with valid JSON, each under its own index',
    ({ argumentsJson }, delivery) => delivery === 'stream' && argumentsJson.includes('🜁'),
    (end) => [{ ...end, index: end.index + 7 }],
  ),
  toolEnding(
    'delivers the tool calls of a whole answer in the same events',
    ({ argumentsJson }, delivery) => delivery === 'whole' && argumentsJson.includes('🜁'),
    (end) => [{ ...end, index: end.index + 7 }],
  ),
  defective('never finishes a tool call whose arguments are no JSON', { checksTools: (isWhole) => isWhole }),
  lastStarted(),
  toolEnding(
    'keeps two calls of one tool apart',
    ({ id, name }) => id === 'call_b' && name === 'weather',
    (end) => [{ ...end, id: 'call_a' }],
  ),
  toolEnding(
    'gives ids of its own to tool calls that come without',
    ({ id, name }) => id === 'call_1' && name === 'weather',
    (end) => [{ ...end, id: 'call_0' }],
  ),
  toolEnding(
    'hands over two dozen tool calls in their order',
    ({ id }) => id === 'call_17',
    () => [],
  ),
  toolEnding(
    'puts the arguments of a call together from a hundred fragments',
    ({ argumentsJson }) => argumentsJson.length > 50_000,
    (end) => [{ ...end, argumentsJson: '{"city":""}' }],
  ),
  toolEnding(
    'finishes a tool call without arguments as an empty object',
    ({ argumentsJson }) => argumentsJson === '{}',
    (end) => [{ ...end, argumentsJson: '' }],
  ),
  toolEnding(
    'keeps a member `__proto__` in the arguments of a call',
    ({ argumentsJson }) => argumentsJson.includes('__proto__'),
    (end) => [{ ...end, argumentsJson: JSON.stringify(Object.assign({}, JSON.parse(end.argumentsJson))) }],
  ),
  rebatching('never finishes a tool call of an answer that is cut', async function* (batches, { context }) {
    let open: ToolCallEndEvent | undefined;
    try {
      for await (const batch of batches) {
        for (const event of batch.events) {
          if (event.type === 'tool-call-start') open = { ...event, type: 'tool-call-end', argumentsJson: '{"city":"Os' };
          if (event.type === 'response-end') open = undefined;
        }
        yield batch;
      }
    } catch (error) {
      if (open !== undefined && !context.cancelled && Object(error).failureClass === 'truncated') yield { events: [open] };
      throw error;
    }
  }),
  defective('never finishes a tool call of a whole answer whose arguments are no JSON', { checksTools: (isWhole) => !isWhole }),
  missending('sends its tools with their descriptions', (body) => body.replaceAll(/"description":"Tells[^"]*",/g, '')),
  missending('sends what a tool answered in the next turn', (body) => body.replace('Sleet, 2 degrees', '')),
];

/** Mutants that fail at ends, counts, thoughts and tool calls. */
export const endMutants: readonly Mutant[] = [...ENDS, ...REASONING, ...TOOLS];
