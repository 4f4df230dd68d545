import type { CompletionRequest, Message, UserPart } from '@headrace/core/plugin';

/** One thing that a call may ask for, and the same call without it. */
export interface AskedMember {
  /** Where it stands in the request. */
  readonly name: string;
  readonly without: Partial<CompletionRequest>;
  readonly asked: Partial<CompletionRequest>;
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = 'JVBERi0xLjQKJSVFT0YK';
const MARK = { type: 'ephemeral' } as const;
const TOOL = {
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
} as const;

const text = { type: 'text', text: 'A question' } as const;
const image = { type: 'image', source: { type: 'base64', data: PNG }, mediaType: 'image/png' } as const;
const file = { type: 'file', source: { type: 'base64', data: PDF }, mediaType: 'application/pdf' } as const;

const parameter = (name: string, value: unknown): AskedMember => ({
  name,
  without: {},
  asked: { parameters: { maxOutputTokens: 8192, [name]: value } },
});

const said = (...content: readonly UserPart[]): Partial<CompletionRequest> => ({
  messages: [{ role: 'user', content }],
});

const part = (member: string, asked: UserPart, without: readonly UserPart[]): AskedMember => ({
  name: `messages[0].content[1]${member} (${asked.type})`,
  without: said(text, ...without),
  asked: said(text, asked),
});

/** A conversation with one tool call, in which the members of the parts given replace those of the usual ones. */
const called = (
  parts: { readonly thought?: object; readonly call?: object; readonly result?: object } = {},
): Partial<CompletionRequest> => {
  const messages: readonly Message[] = [
    { role: 'user', content: 'How is the weather?' },
    {
      role: 'assistant',
      content: [
        ...(parts.thought === undefined ? [] : [{ type: 'reasoning' as const, text: 'Let me see.', ...parts.thought }]),
        { type: 'tool-call', id: 'call_1', name: 'weather', argumentsJson: '{"city":"Ulm"}', ...parts.call },
      ],
    },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'call_1', content: 'Rain', ...parts.result }] },
    { role: 'user', content: 'And now?' },
  ];
  return { messages, tools: [TOOL] };
};

const tool = (name: string, members: object): AskedMember => ({
  name: `tools[0].${name}`,
  without: { tools: [TOOL] },
  asked: { tools: [{ ...TOOL, ...members }] },
});

const FORMAT = { type: 'json', schema: TOOL.parameters } as const;

/** What calls may ask for beside their text: each is to be found in the body, in a warning or in a refusal. */
export const ASKED_MEMBERS: readonly AskedMember[] = [
  parameter('temperature', 0.5),
  parameter('topP', 0.5),
  parameter('topK', 5),
  parameter('presencePenalty', 0.5),
  parameter('frequencyPenalty', 0.5),
  parameter('stopSequences', ['THE END']),
  parameter('seed', 7),
  parameter('reasoningEffort', 'high'),
  parameter('reasoningBudgetTokens', 2048),
  { name: 'tools', without: {}, asked: { tools: [TOOL] } },
  tool('description', { description: 'Tells the weather' }),
  tool('strict', { strict: true }),
  tool('cache', { cache: MARK }),
  { name: 'toolChoice', without: { tools: [TOOL] }, asked: { tools: [TOOL], toolChoice: 'required' } },
  { name: 'parallelToolCalls', without: { tools: [TOOL] }, asked: { tools: [TOOL], parallelToolCalls: false } },
  { name: 'outputFormat', without: {}, asked: { outputFormat: { type: 'json' } } },
  { name: 'outputFormat.schema', without: {}, asked: { outputFormat: FORMAT } },
  {
    name: 'outputFormat.description',
    without: { outputFormat: FORMAT },
    asked: { outputFormat: { ...FORMAT, description: 'Where it rains' } },
  },
  { name: 'endUser', without: {}, asked: { endUser: 'person-1' } },
  part('', image, []),
  part('.detail', { ...image, detail: 'low' }, [image]),
  part('', file, []),
  part('.filename', { ...file, filename: 'report.pdf' }, [file]),
  part('.cache', { ...text, cache: MARK }, [text]),
  {
    name: 'messages[0].cache',
    without: {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    },
    asked: {
      messages: [
        { role: 'system', content: 'Be brief.', cache: MARK },
        { role: 'user', content: 'Hi' },
      ],
    },
  },
  { name: 'messages[1].content[0]', without: called(), asked: called({ thought: {} }) },
  {
    name: 'messages[1].content[0].details',
    without: called({ thought: {} }),
    asked: called({ thought: { details: [{ type: 'reasoning.encrypted', data: 'b3BhcXVl', format: 'acme-v1' }] } }),
  },
  { name: 'messages[1].content[0].cache', without: called(), asked: called({ call: { cache: MARK } }) },
  { name: 'messages[2].content[0].cache', without: called(), asked: called({ result: { cache: MARK } }) },
  { name: 'messages[2].content[0].isError', without: called(), asked: called({ result: { isError: true } }) },
  {
    name: 'messages[2].content[0].content[1]',
    without: called({ result: { content: [{ type: 'text', text: 'Rain' }] } }),
    asked: called({ result: { content: [{ type: 'text', text: 'Rain' }, image] } }),
  },
];
