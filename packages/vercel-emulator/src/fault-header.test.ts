import { describe, expect, it } from '@jest/globals';
import { parseFaultHeader } from './fault-header.js';
import { createFaultQueue } from './fault-queue.js';

describe('fault header', () => {
  it.each([
    ['{"kind":"cut","afterFrames":3}', [{ kind: 'cut', afterFrames: 3 }]],
    ['[{"kind":"no-done"},{"kind":"no-finish"}]', [{ kind: 'no-done' }, { kind: 'no-finish' }]],
    ['cut; afterFrames=3', [{ kind: 'cut', afterFrames: 3 }]],
    ['hang', [{ kind: 'hang' }]],
    ['split; sizes=1,2,3', [{ kind: 'split', sizes: [1, 2, 3] }]],
    ['error-frame; afterFrames=2; done', [{ kind: 'error-frame', afterFrames: 2, done: true }]],
    [
      'delay; at=headers; ms=200 | status; status=429; retry-after=2',
      [
        { kind: 'delay', at: 'headers', ms: 200 },
        { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
      ],
    ],
  ])('reads %j', (text, expected) => {
    expect(parseFaultHeader(text)).toEqual(expected);
  });

  it.each(['', 'nonsense', 'cut; after=3', '{"kind":', '{"kind":"delay"}', 'split; sizes=0', 'status; status=99'])(
    'refuses %j and names the header',
    (text) => {
      expect(() => parseFaultHeader(text)).toThrow(
        expect.objectContaining({ status: 400, members: expect.objectContaining({ param: 'x-emulator-fault' }) }),
      );
    },
  );
});

describe('fault queue', () => {
  it('hands out steps in order, as often as they say, each to the path it waits for', () => {
    const queue = createFaultQueue();
    queue.add([
      { kind: 'cut', times: 2 },
      [{ kind: 'no-done' }, { kind: 'no-finish' }],
      { kind: 'html', path: '/v1/models' },
      { kind: 'hang', path: '*' },
    ]);
    const chat = '/v1/chat/completions';
    const kinds = (path: string) => queue.take(path, path === chat).map(({ kind }) => kind);
    expect(kinds('/v1/models')).toEqual(['html']);
    expect([kinds(chat), kinds(chat), kinds(chat)]).toEqual([['cut'], ['cut'], ['no-done', 'no-finish']]);
    expect(kinds('/anything')).toEqual(['hang']);
    expect(kinds(chat)).toEqual([]);
  });

  it('refuses a fault without a valid form', () => {
    expect(() => createFaultQueue().add([{ kind: 'delay' } as never])).toThrow();
  });
});
