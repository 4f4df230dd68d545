import type { AssistantMessage, Completion, Gateway, Message } from '@headrace/core';
import { z } from 'zod';

/** Bytes of a picture that are found nowhere else. */
export const PICTURE = Uint8Array.from(Buffer.from('a picture of the minster of Ulm, found nowhere else'));
export const RULES = 'You are at the counter of a travel agency. Be brief.';
export const WEATHER = '7 °C, drizzle';

const MODEL = 'assistant';
const SUMMARY = z.object({ city: z.string(), umbrella: z.boolean() });
const TOOLS = [
  {
    name: 'weather',
    description: 'The weather of a city now',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
] as const;

const OPENING: readonly Message[] = [
  { role: 'system', content: [{ type: 'text', text: RULES, cache: { type: 'ephemeral' } }] },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Which city is this, and what is the weather like there?' },
      { type: 'image', source: { type: 'bytes', data: PICTURE }, mediaType: 'image/png' },
    ],
  },
];

/** A conversation up to an answer. */
export interface Stand {
  readonly messages: readonly Message[];
  readonly answer: Completion<unknown>;
}

const replied = async (gateway: Gateway, messages: readonly Message[]): Promise<Stand> => {
  const answer = await gateway
    .stream({ model: MODEL, messages, tools: TOOLS, reasoningEffort: 'high' })
    .final();
  return { messages: [...messages, answer.message], answer };
};

/** The traveller shows a picture. */
export const begin = (gateway: Gateway): Promise<Stand> => replied(gateway, OPENING);

const callsIn = ({ content }: AssistantMessage) =>
  typeof content === 'string' ? [] : content.filter((part) => part.type === 'tool-call');

/** The host runs the tools that the answer asks for. */
export const goOn = (gateway: Gateway, { messages, answer }: Stand): Promise<Stand> => {
  const results = callsIn(answer.message).map(({ id }) => ({
    type: 'tool-result' as const,
    toolCallId: id,
    content: WEATHER,
  }));
  return replied(gateway, [...messages, { role: 'tool', content: results }]);
};

/** The host wants it as a record. */
export const conclude = async (
  gateway: Gateway,
  { messages }: Stand,
): Promise<Completion<z.output<typeof SUMMARY>>> =>
  gateway.complete({
    model: MODEL,
    messages: [...messages, { role: 'user', content: 'Sum it up for the file.' }],
    tools: TOOLS,
    reasoningEffort: 'high',
    output: SUMMARY,
  });

/** The host program: a picture, a tool, a record. It knows of one gateway and of no vendor. */
export const hostProgram = async (gateway: Gateway) =>
  conclude(gateway, await goOn(gateway, await begin(gateway)));
