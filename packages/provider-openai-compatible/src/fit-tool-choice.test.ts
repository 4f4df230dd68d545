import type { ToolChoice } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { fitToolChoice } from './fit-tool-choice.js';

const ONE = { name: 'one', parameters: { type: 'object' } };
const TWO = { name: 'two', parameters: { type: 'object' } };
const tools = [ONE, TWO];

const LOST = 'tool-choice-dropped toolChoice';
const NARROWED = 'tools-narrowed tools';

const fit = (toolChoice: ToolChoice | undefined, form: 'all' | 'words' | 'none' | undefined) => {
  const asked = toolChoice === undefined ? { tools } : { tools, toolChoice };
  const { warnings, notes, ...fitted } = fitToolChoice(asked, { toolChoice: form }, 'It');
  return { ...fitted, codes: [...warnings, ...notes].map(({ code, field }) => `${code} ${field ?? ''}`) };
};

describe('the choice of a tool', () => {
  it.each([undefined, 'auto', 'none', 'required', { name: 'two' }] as const)(
    'is sent as it is, %j, where all can be said',
    (toolChoice) => {
      const said = toolChoice === undefined ? {} : { toolChoice };
      expect(fit(toolChoice, undefined)).toEqual({ tools, ...said, codes: [] });
    },
  );

  it('of one tool offers that tool alone where no name can be said', () => {
    expect(fit({ name: 'two' }, 'words')).toEqual({ tools: [TWO], toolChoice: 'required', codes: [NARROWED] });
    expect(fit('required', 'words')).toEqual({ tools, toolChoice: 'required', codes: [] });
  });

  it('is told to be lost where nothing can be said, unless nothing is lost', () => {
    expect(fit('auto', 'none')).toEqual({ tools, codes: [] });
    expect(fit('none', 'none')).toEqual({ codes: [NARROWED] });
    expect(fit('required', 'none')).toEqual({ tools, codes: [LOST] });
    expect(fit({ name: 'two' }, 'none')).toEqual({ tools: [TWO], codes: [LOST, NARROWED] });
  });
});
