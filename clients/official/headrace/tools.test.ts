import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  convertToModelMessages,
  generateText,
  isStepCount,
  readUIMessageStream,
  streamText,
  ToolLoopAgent,
  tool,
  type UIMessage,
} from 'ai';
import { z } from 'zod';
import { end, messagesIn, overScripts, reasoning, type Scripts, text, toolCall } from './connect.ts';

const tools = {
  weather: tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => ({ city, sky: 'clear' }),
  }),
};

const CALL = toolCall({ id: 'c1', name: 'weather', arguments: { city: 'Bonn' } });
const TWO_STEPS: Scripts = [
  [reasoning('I must ask.'), CALL, end({ usage: { input: 1, output: 1 } })],
  [text('Clear in Bonn.'), end({ usage: { input: 2, output: 2 } })],
];

/** What the second request must hold of the first answer: its call, and its reasoning with all opaque items. */
const checkSecondRequest = (json: unknown): void => {
  const [, assistant, result] = messagesIn(json);
  assert.deepEqual(assistant?.['tool_calls'], [
    { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
  ]);
  const details = assistant?.['reasoning_details'] as readonly Record<string, unknown>[];
  assert.deepEqual(
    details.map(({ type, text: said }) => [type, said]),
    [['reasoning.text', 'I must ask.']],
  );
  assert.deepEqual(result, { role: 'tool', tool_call_id: 'c1', content: '{"city":"Bonn","sky":"clear"}' });
};

describe('ai: tools through @headrace/ai-sdk', () => {
  it('runs a tool and goes on with its result, reasoning and all', async () => {
    await using setting = await overScripts(TWO_STEPS);
    const {
      steps,
      text: answer,
      totalUsage,
    } = await generateText({
      model: setting.headrace('chat'),
      prompt: 'How is Bonn?',
      tools,
      stopWhen: isStepCount(3),
    });
    assert.equal(steps.length, 2);
    assert.equal(answer, 'Clear in Bonn.');
    assert.equal(totalUsage.totalTokens, 6);
    checkSecondRequest((await setting.upstream.waitForRequest(2)).json);
  });

  it('does so for an agent', async () => {
    await using setting = await overScripts(TWO_STEPS);
    const agent = new ToolLoopAgent({ model: setting.headrace('chat'), tools });
    const { text: answer } = await agent.generate({ prompt: 'How is Bonn?' });
    assert.equal(answer, 'Clear in Bonn.');
    checkSecondRequest((await setting.upstream.waitForRequest(2)).json);
  });

  it('does so in a stream', async () => {
    await using setting = await overScripts(TWO_STEPS);
    const result = streamText({
      model: setting.headrace('chat'),
      prompt: 'How is Bonn?',
      tools,
      stopWhen: isStepCount(3),
    });
    const inputs: string[] = [];
    for await (const part of result.stream) if (part.type === 'tool-input-delta') inputs.push(part.delta);
    assert.equal(inputs.join(''), '{"city":"Bonn"}');
    assert.equal(await result.text, 'Clear in Bonn.');
    checkSecondRequest((await setting.upstream.waitForRequest(2)).json);
  });

  it('keeps all of it in messages of a user interface', async () => {
    await using setting = await overScripts(TWO_STEPS);
    const model = setting.headrace('chat');
    const first = streamText({ model, prompt: 'How is Bonn?', tools });
    let kept: UIMessage | undefined;
    for await (const message of readUIMessageStream({ stream: first.toUIMessageStream() })) kept = message;
    assert.ok(kept !== undefined);
    const stored = JSON.parse(JSON.stringify(kept)) as UIMessage;
    const question: UIMessage = { id: 'q', role: 'user', parts: [{ type: 'text', text: 'How is Bonn?' }] };
    const messages = await convertToModelMessages([question, stored]);
    await generateText({ model, messages, tools });
    checkSecondRequest((await setting.upstream.waitForRequest(2)).json);
  });

  it('hears of a call of a tool that it does not have, and may repair it', async () => {
    const wrong = toolCall({ id: 'c1', name: 'wether', arguments: { city: 'Bonn' } });
    await using setting = await overScripts([[wrong, end()], { repeatLast: true }]);
    const model = setting.headrace('chat');
    const { toolCalls } = await generateText({ model, prompt: 'How is Bonn?', tools });
    assert.deepEqual(
      toolCalls.map(({ toolName, invalid }) => [toolName, invalid]),
      [['wether', true]],
    );
    const { toolResults } = await generateText({
      model,
      prompt: 'How is Bonn?',
      tools,
      repairToolCall: ({ toolCall: call }) => Promise.resolve({ ...call, toolName: 'weather' }),
    });
    assert.deepEqual(
      toolResults.map(({ output }) => output),
      [{ city: 'Bonn', sky: 'clear' }],
    );
  });

  it('asks for one tool, or for none', async () => {
    await using setting = await overScripts([
      [CALL, end()],
      [text('No.'), end()],
    ]);
    const model = setting.headrace('chat');
    await generateText({ model, prompt: 'Hi', tools, toolChoice: { type: 'tool', toolName: 'weather' } });
    await generateText({ model, prompt: 'Hi', tools, toolChoice: 'none' });
    const choices = setting.upstream.requests.map(({ json }) => (json as { tool_choice: unknown }).tool_choice);
    assert.deepEqual(choices, [{ type: 'function', function: { name: 'weather' } }, 'none']);
  });
});
