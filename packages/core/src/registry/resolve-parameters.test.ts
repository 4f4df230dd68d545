import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { model } from '../__fixtures__/call.js';
import type { ModelInfo, ParameterFact } from '../contract/model-info.js';
import type { GenerationParameters, ParameterName } from '../contract/parameters.js';
import { resolveParameters } from './resolve-parameters.js';

const taking = (parameters: ModelInfo['parameters']): ModelInfo => model({ parameters });
const resolve = (asked: GenerationParameters, parameters: ModelInfo['parameters'], strict = false) =>
  resolveParameters(asked, taking(parameters), strict);
const clean = (parameters: GenerationParameters) => ({ parameters, warnings: [], issues: [] });

describe('without facts', () => {
  const asked = { temperature: 99, seed: 1 };

  it('sends what was asked when nothing is known of the model', () => {
    expect(resolveParameters(asked, undefined, true)).toEqual(clean(asked));
  });

  it('sends what was asked when nothing is known of the parameter', () => {
    expect(resolve(asked, {}, true)).toEqual(clean(asked));
    expect(resolve(asked, { temperature: { supported: 'unknown' } }, true)).toEqual(clean(asked));
  });

  it('leaves out what is undefined', () => {
    const undefinedField = { temperature: undefined, seed: 1 } as unknown as GenerationParameters;
    expect(resolve(undefinedField, {}).parameters).toEqual({ seed: 1 });
  });

  it('does not send a default that is only known', () => {
    expect(resolve({}, { temperature: { supported: true, default: 1, min: 0, max: 2 } })).toEqual(clean({}));
  });
});

describe('a range', () => {
  const range: ParameterFact = { supported: true, min: 0, max: 2 };
  const open: ParameterFact = { ...range, exclusiveMin: true, exclusiveMax: true };

  it('holds its ends', () => {
    for (const temperature of [0, 1, 2]) expect(resolve({ temperature }, { temperature: range }).issues).toEqual([]);
  });

  it.each([-0.001, 2.001])('is left by %d, which is an issue, strict or not', (temperature) => {
    for (const strict of [true, false]) {
      const { issues, warnings, parameters } = resolve({ temperature }, { temperature: range }, strict);
      expect(issues).toMatchObject([{ field: 'temperature', message: expect.stringContaining('between 0 and 2') }]);
      expect(issues[0]?.message).toContain(String(temperature));
      expect(issues[0]?.message).toContain('maker/m1');
      expect([warnings, parameters]).toEqual([[], {}]);
    }
  });

  it('does not hold its ends when they are excluded', () => {
    for (const temperature of [0, 2]) {
      const [issue] = resolve({ temperature }, { temperature: open }).issues;
      expect(issue?.message).toContain('between 0 (excluded) and 2 (excluded)');
    }
    expect(resolve({ temperature: 0.001 }, { temperature: open }).issues).toEqual([]);
  });

  it('may have one end only', () => {
    expect(resolve({ topK: 0 }, { topK: { supported: true, min: 1 } }).issues[0]?.message).toContain('at least 1');
    expect(resolve({ topK: 9 }, { topK: { supported: true, max: 8 } }).issues[0]?.message).toContain('at most 8');
    expect(resolve({ topK: 8 }, { topK: { supported: true, max: 8 } }).issues).toEqual([]);
  });

  it('is checked for a parameter of unknown support too', () => {
    expect(resolve({ temperature: 3 }, { temperature: { ...range, supported: 'unknown' } }).issues).toHaveLength(1);
  });

  it('holds exactly the numbers between its ends', () => {
    const small = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(small, small, small, fc.boolean(), fc.boolean(), (a, b, value, exclusiveMin, exclusiveMax) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const fact = { supported: true, min, max, exclusiveMin, exclusiveMax };
        const inside = (exclusiveMin ? value > min : value >= min) && (exclusiveMax ? value < max : value <= max);
        const { issues, parameters } = resolve({ temperature: value }, { temperature: fact });
        expect(issues).toHaveLength(inside ? 0 : 1);
        expect(parameters).toEqual(inside ? { temperature: value } : {});
      }),
    );
  });
});

describe('words and lists', () => {
  it('takes the words a model knows and no others', () => {
    const facts = { reasoningEffort: { supported: true, values: ['low', 'high'] } };
    expect(resolve({ reasoningEffort: 'low' }, facts)).toEqual(clean({ reasoningEffort: 'low' }));
    expect(resolve({ reasoningEffort: 'max' }, facts).issues).toMatchObject([
      { field: 'reasoningEffort', message: expect.stringContaining('is "max", but this model takes "low", "high"') },
    ]);
  });

  it('counts the entries of a list', () => {
    const facts = { stopSequences: { supported: true, maxItems: 2 } };
    expect(resolve({ stopSequences: ['a', 'b'] }, facts).issues).toEqual([]);
    expect(resolve({ stopSequences: ['a', 'b', 'c'] }, facts).issues[0]?.message).toContain('3 entries');
  });

  it('measures entries in UTF-8 bytes, not in characters', () => {
    const facts = { stopSequences: { supported: true, maxBytesEach: 4 } };
    expect(resolve({ stopSequences: ['abcd', 'ää'] }, facts).issues).toEqual([]);
    expect(resolve({ stopSequences: ['äää'] }, facts).issues[0]?.message).toContain('6 bytes');
  });
});

describe('what a model does not take', () => {
  const facts = { temperature: { supported: false, min: 0, max: 1 } } as const;

  it('is left out with a warning', () => {
    const { parameters, warnings, issues } = resolve({ temperature: 0.5, seed: 1 }, facts);
    expect(parameters).toEqual({ seed: 1 });
    expect(issues).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'parameter-dropped', field: 'temperature' }]);
    expect(warnings[0]?.message).toContain('maker/m1');
  });

  it('is refused when strict', () => {
    const { parameters, warnings, issues } = resolve({ temperature: 0.5 }, facts, true);
    expect([parameters, warnings]).toEqual([{}, []]);
    expect(issues).toMatchObject([{ field: 'temperature', remedy: 'Leave it out.' }]);
  });

  it('is not measured as well', () => {
    expect(resolve({ temperature: 9 }, facts)).toMatchObject({ issues: [], warnings: [{ field: 'temperature' }] });
  });
});

describe('a fixed value', () => {
  const facts = { temperature: { supported: true, fixed: 1 } };

  it('may be asked for', () => {
    expect(resolve({ temperature: 1 }, facts, true)).toEqual(clean({ temperature: 1 }));
  });

  it('makes of any other value a warning, or an issue when strict', () => {
    expect(resolve({ temperature: 0 }, facts)).toMatchObject({ parameters: {}, warnings: [{ field: 'temperature' }] });
    expect(resolve({ temperature: 0 }, facts, true).issues[0]?.message).toContain('is fixed at 1');
  });
});

describe('a conditional parameter', () => {
  const offOnly: ParameterFact = { supported: 'conditional', when: { reasoning: 'off' } };
  const effort = (value?: string): ParameterFact => ({
    supported: true,
    ...(value === undefined ? {} : { default: value }),
  });

  it('is taken with thinking off, asked for or by default', () => {
    expect(resolve({ temperature: 1, reasoningEffort: 'none' }, { temperature: offOnly }).warnings).toEqual([]);
    expect(resolve({ temperature: 1 }, { temperature: offOnly, reasoningEffort: effort('none') }).warnings).toEqual([]);
  });

  it('is dropped with thinking on, asked for or by default', () => {
    for (const [asked, facts] of [
      [
        { temperature: 1, reasoningEffort: 'low' },
        { temperature: offOnly, reasoningEffort: effort('none') },
      ],
      [{ temperature: 1 }, { temperature: offOnly, reasoningEffort: effort('medium') }],
    ] as const) {
      const { parameters, warnings } = resolve(asked, facts);
      expect(parameters).not.toHaveProperty('temperature');
      expect(warnings[0]?.message).toContain('only with thinking switched off');
    }
  });

  it('is taken with the efforts named and no others', () => {
    const fact: ParameterFact = { supported: 'conditional', when: { reasoningEffort: ['low', 'medium'] } };
    expect(resolve({ topP: 1, reasoningEffort: 'medium' }, { topP: fact }).warnings).toEqual([]);
    expect(resolve({ topP: 1, reasoningEffort: 'high' }, { topP: fact }).warnings[0]?.message).toContain(
      'low or medium',
    );
  });

  it('is taken only without what it excludes', () => {
    const fact: ParameterFact = { supported: 'conditional', when: { unset: ['topP'] } };
    expect(resolve({ temperature: 1 }, { temperature: fact }).warnings).toEqual([]);
    const { parameters, warnings } = resolve({ temperature: 1, topP: 1 }, { temperature: fact });
    expect(parameters).toEqual({ topP: 1 });
    expect(warnings[0]?.message).toContain('only without `topP`');
  });

  it('is not excluded by thinking that is asked not to take place', () => {
    const fact: ParameterFact = {
      supported: 'conditional',
      when: { unset: ['reasoningEffort', 'reasoningBudgetTokens'] },
    };
    for (const off of [{ reasoningEffort: 'none' }, { reasoningBudgetTokens: 0 }] as const)
      expect(resolve({ temperature: 1, ...off }, { temperature: fact }, true)).toEqual(
        clean({ temperature: 1, ...off }),
      );
    for (const on of [{ reasoningEffort: 'low' }, { reasoningBudgetTokens: 1 }] as const)
      expect(resolve({ temperature: 1, ...on }, { temperature: fact }).parameters).toEqual(on);
  });

  it('passes when its condition is not known, and is measured', () => {
    const fact: ParameterFact = { supported: 'conditional', max: 1 };
    expect(resolve({ temperature: 1 }, { temperature: fact }, true)).toEqual(clean({ temperature: 1 }));
    expect(resolve({ temperature: 2 }, { temperature: fact }).issues).toHaveLength(1);
  });

  it('that excludes another which excludes it back leaves one of the two, not none', () => {
    const facts = {
      temperature: { supported: 'conditional', when: { unset: ['topP'] } },
      topP: { supported: 'conditional', when: { unset: ['temperature'] } },
    } as const;
    const { parameters, warnings } = resolve({ temperature: 1, topP: 0.5 }, facts);
    expect(Object.keys(parameters)).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  it('is not given up for one that the model does not take anyway', () => {
    const facts = {
      temperature: { supported: 'conditional', when: { unset: ['topP'] } },
      topP: { supported: false },
    } as const;
    expect(resolve({ temperature: 1, topP: 0.5 }, facts).parameters).toEqual({ temperature: 1 });
  });

  it('knows that a budget for thinking switches thinking on, and a budget of nothing off', () => {
    const facts = { temperature: offOnly, reasoningEffort: effort('none') };
    expect(resolve({ temperature: 1, reasoningBudgetTokens: 2_000 }, facts).parameters).not.toHaveProperty(
      'temperature',
    );
    expect(resolve({ temperature: 1, reasoningBudgetTokens: 0 }, { temperature: offOnly }).parameters).toHaveProperty(
      'temperature',
      1,
    );
  });
});

describe('a required parameter', () => {
  it('is added unasked with its default, else with its upper bound, and the caller is told', () => {
    const added = (fact: object): unknown => {
      const { parameters, warnings } = resolve({}, { maxOutputTokens: { supported: true, required: true, ...fact } });
      const { maxOutputTokens } = parameters;
      const message = `\`maxOutputTokens\` is required by this model (maker/m1), and was not given; ${maxOutputTokens} was sent.`;
      expect(warnings).toEqual([{ code: 'parameter-defaulted', field: 'maxOutputTokens', message }]);
      return maxOutputTokens;
    };
    expect(added({ default: 4_096, max: 8_192 })).toBe(4_096);
    expect(added({ max: 8_192 })).toBe(8_192);
    expect(added({ default: null, max: 8 })).toBe(8);
  });

  it('is not added over what was asked', () => {
    const facts = { maxOutputTokens: { supported: true, required: true, default: 4_096 } };
    expect(resolve({ maxOutputTokens: 5 }, facts)).toEqual(clean({ maxOutputTokens: 5 }));
  });

  it('is not invented when no value is known', () => {
    expect(resolve({}, { maxOutputTokens: { supported: true, required: true } })).toEqual(clean({}));
    expect(resolve({}, { maxOutputTokens: { supported: true, required: true, default: null } })).toEqual(clean({}));
  });

  it('is added with the one value in force', () => {
    expect(resolve({}, { temperature: { supported: true, required: true, fixed: 1 } }).parameters).toEqual({
      temperature: 1,
    });
  });
});

describe('every parameter asked for', () => {
  const names = ['temperature', 'topP', 'topK', 'seed', 'maxOutputTokens'] as const satisfies readonly ParameterName[];
  const asked = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: -5, max: 15 }));
  const fact: fc.Arbitrary<ParameterFact> = fc.record(
    {
      supported: fc.constantFrom(true, false, 'conditional' as const, 'unknown' as const),
      min: fc.integer({ min: 0, max: 4 }),
      max: fc.integer({ min: 5, max: 10 }),
      fixed: fc.integer({ min: 0, max: 10 }),
      when: fc.record({ unset: fc.subarray([...names]) }),
    },
    { requiredKeys: ['supported'] },
  ) as fc.Arbitrary<ParameterFact>;
  const facts = fc.dictionary(fc.constantFrom(...names), fact);

  it('is sent unchanged, warned of or refused: exactly one of them, and nothing else is sent', () => {
    fc.assert(
      fc.property(asked, facts, fc.boolean(), (parameters, known, strict) => {
        const result = resolve(parameters, known, strict);
        for (const [name, value] of Object.entries(parameters)) {
          const sent = (result.parameters as Record<string, unknown>)[name];
          const fates = [
            sent !== undefined,
            result.warnings.some(({ field }) => field === name),
            result.issues.some(({ field }) => field === name),
          ];
          expect(fates.filter(Boolean)).toHaveLength(1);
          if (sent !== undefined) expect(sent).toBe(value);
        }
        for (const name of Object.keys(result.parameters)) expect(parameters).toHaveProperty(name);
        if (strict) expect(result.warnings).toEqual([]);
      }),
    );
  });

  it('leaves what it was given as it was', () => {
    fc.assert(
      fc.property(asked, facts, (parameters, known) => {
        const before = structuredClone([parameters, known]);
        resolve(parameters, known);
        expect([parameters, known]).toEqual(before);
      }),
    );
  });
});
