import { describe, expect, it } from '@jest/globals';
import { createResponseStore } from './response-store.js';

const said = (content: string) => [{ role: 'user' as const, content }];

describe('the store of responses', () => {
  it('forgets the oldest above its count', () => {
    const store = createResponseStore();
    for (let index = 0; index <= 1000; index += 1) store.add(`gen_${index}`, said(String(index)));
    expect(store.find('gen_0')).toBeUndefined();
    expect(store.find('gen_1')).toEqual(said('1'));
    expect(store.find('gen_1000')).toEqual(said('1000'));
  });

  it('forgets the oldest above its size', () => {
    const store = createResponseStore();
    const long = 'x'.repeat(30 * 1024 * 1024);
    for (const id of ['a', 'b', 'c']) store.add(id, said(long));
    expect(['a', 'b', 'c'].map((id) => store.find(id) !== undefined)).toEqual([false, true, true]);
  });
});
