import { describe, expect, it } from '@jest/globals';
import { type Decoded, decodeStream, eventsOf } from './__fixtures__/decode.js';
import { chunk, sse } from './__fixtures__/recorded-stream.js';

interface Fragment {
  index?: number;
  id?: string | null;
  name?: string;
  args?: unknown;
}

const wire = ({ index, id, name, args }: Fragment): object => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  function: { ...(name === undefined ? {} : { name }), ...(args === undefined ? {} : { arguments: args }) },
});

/** Each list is one frame. */
const calls = (...frames: Fragment[][]): Decoded =>
  decodeStream(
    sse([...frames.map((fragments) => chunk({ tool_calls: fragments.map(wire) })), chunk({}, 'tool_calls')]),
  );

const ends = (decoded: Decoded): [id: string, name: string, args: string][] => {
  if (decoded.error !== undefined) throw decoded.error;
  return eventsOf(decoded, 'tool-call-end').map((end) => [end.id, end.name, end.argumentsJson]);
};

describe('tool calls', () => {
  it('are put together from fragments that take turns', () => {
    const decoded = calls(
      [{ index: 0, id: 'a', name: 'f', args: '' }],
      [{ index: 1, id: 'b', name: 'g', args: '' }],
      [
        { index: 0, args: '{"x"' },
        { index: 1, args: '{"y"' },
      ],
      [{ index: 1, args: ':2}' }],
      [{ index: 0, args: ':1}' }],
    );
    expect(ends(decoded)).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{"y":2}'],
    ]);
  });

  it('that come whole in one frame are taken, with and without an index', () => {
    expect(
      ends(
        calls([
          { index: 0, id: 'a', name: 'f', args: '{}' },
          { index: 1, id: 'b', name: 'g', args: '{"y":2}' },
        ]),
      ),
    ).toHaveLength(2);
    expect(
      ends(
        calls([
          { id: 'a', name: 'f', args: '{}' },
          { id: 'b', name: 'g', args: '{"y":2}' },
        ]),
      ),
    ).toEqual([
      ['a', 'f', '{}'],
      ['b', 'g', '{"y":2}'],
    ]);
  });

  it('with a new id under a known index are new calls', () => {
    const decoded = calls(
      [{ index: 0, id: 'a', name: 'f', args: '{"x":1}' }],
      [{ index: 0, id: 'b', name: 'f', args: '{"x"' }],
      [{ index: 0, args: ':2}' }],
    );
    expect(ends(decoded)).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'f', '{"x":2}'],
    ]);
  });

  it('whose id is repeated on every fragment are one call', () => {
    const decoded = calls(
      [{ index: 0, id: 'a', name: 'f', args: '{"x"' }],
      [{ index: 0, id: 'a', name: 'f', args: ':{' }],
      [{ index: 0, id: 'a', args: '}}' }],
    );
    expect(ends(decoded)).toEqual([['a', 'f', '{"x":{}}']]);
    expect(decoded.warnings).toEqual([]);
  });

  it('without an index go on by id, or with the call that came last', () => {
    const decoded = calls(
      [{ id: 'a', name: 'f', args: '{"x"' }],
      [{ args: ':' }],
      [{ id: 'b', name: 'g', args: '{' }],
      [{ id: 'a', args: '1}' }],
      [{ id: 'b', args: '}' }],
    );
    expect(ends(decoded)).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{}'],
    ]);
  });

  it('that get their index later are one call', () => {
    expect(
      ends(calls([{ id: 'a', name: 'f' }], [{ index: 0, id: 'a', args: '{"x":' }], [{ index: 0, args: '1}' }])),
    ).toEqual([['a', 'f', '{"x":1}']]);
  });

  it.each<[string, Fragment]>([
    ['at the same index', { index: 0, id: 'a', name: 'f', args: '{"x":1}' }],
    ['at another index', { index: 1, id: 'a', name: 'f', args: '{"x":1}' }],
    ['without an index', { id: 'a', name: 'f', args: '{"x":1}' }],
  ])('that come twice under one id %s are kept once, with a warning', (_where, again) => {
    const decoded = calls([{ index: 0, id: 'a', name: 'f', args: '{"x":1}' }], [again]);
    expect(ends(decoded)).toEqual([['a', 'f', '{"x":1}']]);
    expect(decoded.warnings).toEqual([expect.objectContaining({ code: 'tool-call-duplicate' })]);
    expect(JSON.stringify(decoded.warnings)).not.toContain('"x"');
  });

  it('that come twice in fragments lose the fragments of the second', () => {
    const decoded = calls(
      [{ index: 0, id: 'a', name: 'f', args: '{"x":1}' }],
      [{ index: 1, id: 'a', name: 'f', args: '' }],
      [{ index: 1, args: '{"x":1}' }],
    );
    expect(ends(decoded)).toEqual([['a', 'f', '{"x":1}']]);
  });

  it('whose place was a duplicate may be followed by another call there', () => {
    const decoded = calls(
      [{ index: 0, id: 'a', name: 'f', args: '{}' }],
      [{ index: 1, id: 'a', name: 'f' }],
      [{ index: 1, id: 'b', name: 'g', args: '{}' }],
    );
    expect(ends(decoded).map(([id]) => id)).toEqual(['a', 'b']);
  });

  it('whose name comes in pieces, or again and again, start once with the whole name', () => {
    const pieces = calls(
      [{ index: 0, id: 'a', name: 'get_' }],
      [{ index: 0, name: 'weather' }],
      [{ index: 0, args: '{}' }],
    );
    expect(eventsOf(pieces, 'tool-call-start')).toEqual([
      { type: 'tool-call-start', index: 0, id: 'a', name: 'get_weather' },
    ]);
    const again = calls(
      [{ index: 0, id: 'a', name: 'f' }],
      [{ index: 0, name: 'f', args: '{' }],
      [{ index: 0, name: 'f', args: '}' }],
    );
    expect(ends(again)).toEqual([['a', 'f', '{}']]);
  });

  it('without an id get one by their place, and without an index a name begins a new call', () => {
    const decoded = calls(
      [{ name: 'f', args: '{"x":1}' }],
      [{ name: 'f', args: '{"x":2}' }],
      [{ index: 0, id: null, name: 'g', args: '{}' }],
    );
    expect(ends(decoded)).toEqual([
      ['call_0', 'f', '{"x":1}'],
      ['call_1', 'f', '{"x":2}'],
      ['call_2', 'g', '{}'],
    ]);
  });

  it('without ids at one index are told apart by a name after whole arguments', () => {
    expect(ends(calls([{ index: 0, name: 'f', args: '{"x":1}' }], [{ index: 0, name: 'g', args: '{}' }]))).toHaveLength(
      2,
    );
  });

  it('take an id that comes after the name', () => {
    expect(ends(calls([{ index: 0, name: 'f' }], [{ index: 0, id: 'late', args: '{}' }]))).toEqual([
      ['late', 'f', '{}'],
    ]);
  });

  it.each([[undefined], [''], [null], ['  ']])('with the arguments %j have an empty object', (args) => {
    const decoded = calls([{ index: 0, id: 'a', name: 'f', args }]);
    expect(JSON.parse(ends(decoded)[0]?.[2] ?? '')).toEqual({});
    const joined = eventsOf(decoded, 'tool-call-delta').map((event) => event.argumentsJson);
    expect(joined.join('')).toBe(ends(decoded)[0]?.[2]);
  });

  it.each([[5], [0], [true], [false], [['x']], [[]]])(
    'with the arguments %j are none: no tool is run without what it was called with',
    (args) => {
      const { error, events } = calls([{ index: 0, id: 'a', name: 'rm', args }]);
      expect(error).toMatchObject({ code: 'malformed-response' });
      expect(error?.message).toContain('`arguments`');
      expect(eventsOf({ events }, 'tool-call-end')).toEqual([]);
    },
  );

  it.each([['x'], [5], [false], [''], [['f']]])('with the function %j are none', (told) => {
    const odd = chunk({ tool_calls: [{ index: 0, id: 'a', name: 'rm', function: told }] });
    const { error, events } = decodeStream(sse([odd, chunk({}, 'tool_calls')]));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain('`function`');
    expect(eventsOf({ events }, 'tool-call-end')).toEqual([]);
  });

  it.each([[undefined], [null]])('with the function %j have name and arguments beside it', (told) => {
    const flat = chunk({ tool_calls: [{ index: 0, id: 'a', name: 'f', arguments: '{"x":1}', function: told }] });
    expect(ends(decodeStream(sse([flat, chunk({}, 'tool_calls')])))).toEqual([['a', 'f', '{"x":1}']]);
  });

  it('with parsed arguments are taken as JSON text', () => {
    expect(ends(calls([{ index: 0, id: 'a', name: 'f', args: { x: 1 } }]))).toEqual([['a', 'f', '{"x":1}']]);
  });

  it('are ended before the response and after every delta', () => {
    const { events } = calls([{ index: 0, id: 'a', name: 'f', args: '{}' }]);
    expect(events.map((event) => event.type)).toEqual([
      'response-start',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'response-end',
    ]);
  });

  it('with arguments that are not JSON fail the answer, naming the tool and not the arguments', () => {
    const { error } = calls([{ index: 0, id: 'a', name: 'pay', args: '{"iban":"secret' }]);
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain('"pay"');
    expect(error?.message).not.toContain('secret');
  });

  it('cut by the token limit say so', () => {
    const frames = [chunk({ tool_calls: [wire({ index: 0, id: 'a', name: 'f', args: '{"x' })] }), chunk({}, 'length')];
    expect(decodeStream(sse(frames)).error?.message).toContain('allow more output tokens');
  });

  it('without a name, or with one that changes after the arguments began, fail the answer', () => {
    expect(calls([{ index: 0, id: 'a', args: '{}' }]).error).toMatchObject({ code: 'malformed-response' });
    expect(calls([{ index: 0, id: 'a' }]).error).toMatchObject({ code: 'malformed-response' });
    expect(
      calls([{ index: 0, id: 'a', name: 'f', args: '{' }], [{ index: 0, name: 'g', args: '}' }]).error,
    ).toMatchObject({
      code: 'malformed-response',
    });
  });

  it('in the form before tools existed are calls too', () => {
    const frames = [
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { arguments: '{}' } }),
      chunk({}, 'function_call'),
    ];
    const decoded = decodeStream(sse(frames));
    expect(ends(decoded)).toEqual([['call_0', 'f', '{}']]);
    expect(decoded.events.at(-1)).toMatchObject({ reason: 'tool-calls', rawReason: 'function_call' });
  });
});
