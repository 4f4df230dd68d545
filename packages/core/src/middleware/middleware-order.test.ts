import { end, scriptedProvider, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, type Middleware } from '../index.js';
import type { ModelRequest } from '../plugin.js';

const rig = (middleware: readonly Middleware[]) => {
  const scripted = scriptedProvider([[text('It rains.'), end()]], { repeatLast: true });
  return { scripted, gateway: createGateway({ providers: [scripted], middleware }) };
};

const marked = (request: ModelRequest, mark: string): { request: ModelRequest } => ({
  request: {
    ...request,
    endUser: `${request.kind === 'completion' ? (request.endUser ?? '') : ''}${mark}`,
  } as ModelRequest,
});

const atOnce = (name: string): Middleware => ({
  name,
  forCall: () => ({ onRequest: (request) => marked(request, name) }),
});

const late = (name: string): Middleware => ({
  name,
  forCall: () => ({
    onRequest: async (request) => {
      await new Promise((resolve) => setImmediate(resolve));
      return marked(request, name);
    },
  }),
});

describe('several middleware', () => {
  it.each([
    ['all at once', [atOnce('a'), atOnce('b'), atOnce('c')]],
    ['the first late', [late('a'), atOnce('b'), atOnce('c')]],
    ['the second late', [atOnce('a'), late('b'), atOnce('c')]],
    ['the last late', [atOnce('a'), atOnce('b'), late('c')]],
    ['all late', [late('a'), late('b'), late('c')]],
  ])('change a request one after the other: %s', async (_, middleware) => {
    const { gateway, scripted } = rig(middleware);
    const { receipt } = await gateway.complete({ model: 'scripted:m', prompt: 'Hi' });
    expect(scripted.calls[0]?.request).toMatchObject({ endUser: 'abc' });
    expect(receipt.middleware?.map(({ name, action }) => [name, action])).toEqual([
      ['a', 'changed'],
      ['b', 'changed'],
      ['c', 'changed'],
    ]);
  });

  it('are not asked behind one that answers, be it late or not', async () => {
    for (const wait of [false, true]) {
      const first: Middleware = {
        name: 'first',
        forCall: () => ({ onRequest: () => (wait ? Promise.resolve({ answer: 'No.' }) : { answer: 'No.' }) }),
      };
      const { gateway, scripted } = rig([first, atOnce('b')]);
      const { text: answer, receipt } = await gateway.complete({ model: 'scripted:m', prompt: 'Hi' });
      expect(answer).toBe('No.');
      expect(receipt.middleware?.map(({ name, action }) => [name, action])).toEqual([['first', 'answered']]);
      expect(scripted.calls).toHaveLength(0);
    }
  });
});

describe('the functions of a middleware', () => {
  it('are called on the object that they were found on, whatever becomes of it', async () => {
    class Counting {
      #parts = 0;
      onRequest(): undefined {
        this.#parts += 1;
        // Too late: they have been read.
        Reflect.set(this, 'onEvents', undefined);
      }
      onEvents(): { readonly events: readonly [{ readonly type: 'text-delta'; readonly text: string }] } | undefined {
        this.#parts += 1;
        return undefined;
      }
      get parts(): number {
        return this.#parts;
      }
    }
    const counting = new Counting();
    const { gateway } = rig([{ name: 'counting', forCall: () => counting }]);
    const { text: answer } = await gateway.complete({ model: 'scripted:m', prompt: 'Hi' });
    expect(answer).toBe('It rains.');
    expect(counting.parts).toBeGreaterThan(1);
  });
});
