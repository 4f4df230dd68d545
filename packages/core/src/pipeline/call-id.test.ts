import { expect, it } from '@jest/globals';
import { nextCallId } from './call-id.js';

it('gives every call an id of its own, alike in the part that names the process', () => {
  const ids = Array.from({ length: 10_000 }, nextCallId);
  expect(new Set(ids).size).toBe(ids.length);
  const [, process] = /^call_([0-9a-f]{24})-[0-9a-z]+$/.exec(ids[0] ?? '') ?? [];
  expect(ids.every((id) => id.startsWith(`call_${process}-`))).toBe(true);
});
