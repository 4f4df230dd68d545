import { describe, expect, it } from '@jest/globals';
import { model, request } from '../__fixtures__/call.js';
import type { UserPart } from '../contract/message.js';
import { capabilityIssues } from './check-capabilities.js';

const url = { type: 'url', url: 'https://example.com/x' } as const;
const image: UserPart = { type: 'image', source: url };
const file = (mediaType: string): UserPart => ({ type: 'file', source: url, mediaType });
const saying = (...content: UserPart[]) => request({ messages: [{ role: 'user', content }] });
const tools = [{ name: 't', parameters: { type: 'object' } }];

describe('capabilityIssues', () => {
  it('finds nothing wrong when nothing is known', () => {
    const asked = { ...saying(image, file('application/pdf'), file('video/mp4')), tools };
    expect(capabilityIssues(asked, model())).toEqual([]);
  });

  it('refuses tools for a model that is known not to call any', () => {
    expect(capabilityIssues(request({ tools }), model({ capabilities: { toolCall: false } }))).toMatchObject([
      { field: 'tools' },
    ]);
    expect(capabilityIssues(request({ tools }), model({ capabilities: { toolCall: true } }))).toEqual([]);
    expect(capabilityIssues(request({ tools }), model({ capabilities: {} }))).toEqual([]);
    expect(capabilityIssues(request(), model({ capabilities: { toolCall: false } }))).toEqual([]);
  });

  it.each([
    ['image', image],
    ['image', file('image/png')],
    ['pdf', file('application/pdf')],
    ['audio', file('audio/wav')],
    ['video', file('video/mp4')],
  ] as const)('refuses %s input for a model that does not take it, naming the part', (need, part) => {
    const text: UserPart = { type: 'text', text: 'See:' };
    const [issue, ...more] = capabilityIssues(saying(text, part), model({ modalities: { input: ['text'] } }));
    expect(issue).toMatchObject({ field: 'messages[0].content[1]', message: expect.stringContaining(need) });
    expect(more).toEqual([]);
    expect(capabilityIssues(saying(text, part), model({ modalities: { input: ['text', need] } }))).toEqual([]);
    expect(capabilityIssues(saying(text, part), model({ modalities: { output: ['text'] } }))).toEqual([]);
  });

  it('names every part that does not fit', () => {
    const issues = capabilityIssues(saying(image, file('audio/wav')), model({ modalities: { input: ['text'] } }));
    expect(issues.map(({ field }) => field)).toEqual(['messages[0].content[0]', 'messages[0].content[1]']);
  });

  it('lets files pass whose kind no catalogue tells of', () => {
    const parts = [file('text/csv'), file('application/json'), file('nonsense')];
    expect(capabilityIssues(saying(...parts), model({ modalities: { input: ['text'] } }))).toEqual([]);
  });

  it('refuses an image inside the result of a tool too', () => {
    const asked = request({
      messages: [
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: 'c', content: [{ type: 'image', source: url }] }],
        },
      ],
    });
    expect(capabilityIssues(asked, model({ modalities: { input: ['text'] } }))).toHaveLength(1);
  });
});
