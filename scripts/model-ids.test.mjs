import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { modelIdsFile, modelIdsSource } from './model-ids.mjs';

describe('the ids of models as types', () => {
  it('are those of the data (`node scripts/model-ids.mjs` writes them)', () => {
    expect(readFileSync(modelIdsFile, 'utf8')).toBe(modelIdsSource());
  });
});
