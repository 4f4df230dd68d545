import { describe, expect, it } from '@jest/globals';
import { request } from '../__fixtures__/call.js';
import { emulatedOutput } from './emulated-output.js';

const schema = { type: 'object', properties: { n: { type: 'integer' } } };

describe('emulatedOutput', () => {
  const asked = request({ outputFormat: { type: 'json', schema }, tools: [] });
  const emulated = emulatedOutput(asked);

  it('puts the schema before the conversation and leaves the conversation alone', () => {
    const [first, ...rest] = emulated.request.messages;
    expect(first?.role).toBe('system');
    expect(first?.content).toContain(JSON.stringify(schema));
    expect(rest).toEqual(asked.messages);
  });

  it('does not send the output format, and everything else', () => {
    expect(emulated.request).not.toHaveProperty('outputFormat');
    const { messages: _ours, ...others } = emulated.request;
    const { messages: _theirs, outputFormat: _format, ...given } = asked;
    expect(others).toEqual(given);
  });

  it('leaves the request it was given as it was', () => {
    expect(asked).toEqual(request({ outputFormat: { type: 'json', schema }, tools: [] }));
  });

  it('tells the caller', () => {
    expect(emulated.warning).toMatchObject({ code: 'structured-output-emulated', field: 'output' });
    expect(emulated.warning.message).toContain('m1');
  });

  it('asks for any JSON object when there is no schema', () => {
    const [first] = emulatedOutput(request({ outputFormat: { type: 'json' } })).request.messages;
    expect(first?.content).toContain('JSON object');
    expect(first?.content).not.toContain('undefined');
  });
});
