import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { NOTICE, startVercelEmulator } from '../emulator.ts';
import { failure } from '../failure.ts';
import { PIXEL } from '../pixel.ts';
import { askResponse as ask, connect, MODEL } from './connect.ts';

const RESPONSES = '/v1/responses';

describe('openai: responses', () => {
  it('gets a whole answer with usage', async () => {
    await using emulator = await startVercelEmulator();
    const response = await connect(emulator).responses.create(ask('Say exactly: pong'));
    assert.equal(response.object, 'response');
    assert.equal(response.status, 'completed');
    assert.equal(response.model, MODEL);
    assert.equal(response.output_text, `${NOTICE}\n\npong`);
    assert.match(response.id, /^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    const { usage } = response;
    assert.ok(usage !== undefined && usage !== null && usage.input_tokens > 0 && usage.output_tokens > 0);
    assert.equal(usage.total_tokens, usage.input_tokens + usage.output_tokens);
    assert.equal(usage.input_tokens_details.cached_tokens, 0);
  });

  it('streams the same text in events, numbered, first and last ones included', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const whole = await client.responses.create(ask('Count to 20'));
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of await client.responses.create({ ...ask('Count to 20'), stream: true })) {
      events.push(event);
    }
    const pieces = events.flatMap((event) => (event.type === 'response.output_text.delta' ? event.delta : []));
    assert.ok(pieces.length > 5, `${pieces.length} pieces`);
    assert.equal(pieces.join(''), whole.output_text);
    const end = events.at(-1);
    assert.equal(events[0]?.type, 'response.created');
    assert.ok(end?.type === 'response.completed');
    assert.deepEqual(end.response.usage, whole.usage);
    assert.deepEqual(
      events.map((event) => event.sequence_number),
      events.map((_event, index) => index),
    );
  });

  it('collects a stream with its own helper', async () => {
    await using emulator = await startVercelEmulator();
    const stream = connect(emulator).responses.stream(ask('Count to 9'));
    let snapshot = '';
    stream.on('response.output_text.delta', (event) => {
      snapshot = event.snapshot;
    });
    const response = await stream.finalResponse();
    const text = `${NOTICE}\n\n1, 2, 3, 4, 5, 6, 7, 8, 9`;
    assert.equal(snapshot, text);
    assert.equal(response.output_text, text);
    assert.equal(response.status, 'completed');
  });

  it('says why an answer is incomplete, whole and streamed', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const body = { ...ask('Write 500 words about rain'), max_output_tokens: 40 };
    const whole = await client.responses.create(body);
    const streamed = await client.responses.stream(body).finalResponse();
    for (const { status, incomplete_details: details, usage } of [whole, streamed]) {
      assert.equal(status, 'incomplete');
      assert.equal(details?.reason, 'max_output_tokens');
      assert.equal(usage?.output_tokens, 40);
    }
  });

  it('carries a conversation with instructions, images and files', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const input: OpenAI.Responses.ResponseInputItem[] = [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Describe both pictures' },
          { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}`, detail: 'auto' },
          { type: 'input_image', image_url: 'https://example.com/rain.png', detail: 'low' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
        ],
      },
    ];
    const instructions = 'You are brief.';
    const first = await client.responses.create({ model: MODEL, instructions, input });
    assert.match(first.output_text, /came with 2 images and 1 file/);
    const second = await client.responses.create({
      model: MODEL,
      instructions,
      input: [
        ...input,
        ...(first.output as OpenAI.Responses.ResponseInputItem[]),
        { role: 'user', content: 'What did I ask?' },
      ],
    });
    assert.match(second.output_text, /you wrote: “Describe both pictures”/);
  });

  it('goes on from a response that was kept', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const { id } = await client.responses.create(ask('Describe the rain'));
    const next = await client.responses.create({ ...ask('What did I ask?'), previous_response_id: id });
    assert.match(next.output_text, /you wrote: “Describe the rain”/);
    assert.equal(next.previous_response_id, id);
  });

  it('gets what the model thought, in the output and in the usage', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const body = { ...ask('Why is the sky blue?', 'openai/gpt-5'), reasoning: { effort: 'high' as const } };
    const whole = await client.responses.create(body);
    const streamed = await client.responses.stream(body).finalResponse();
    for (const { output, usage } of [whole, streamed]) {
      assert.deepEqual(
        output.map(({ type }) => type),
        ['reasoning', 'message'],
      );
      assert.ok((usage?.output_tokens_details.reasoning_tokens ?? 0) > 0);
    }
  });
});

describe('openai: errors of responses', () => {
  it('makes the class that belongs to the status', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    await failure(connect(emulator, 'sk-wrong').responses.create(ask('Hi')), AuthenticationError);
    await failure(client.responses.create(ask('Hi', 'openai/gpt-0')), NotFoundError);
    await failure(client.responses.create({ ...ask('Hi'), temperature: 9 }), BadRequestError);
    const headers = { 'retry-after-ms': 1 };
    emulator.script({ kind: 'status', status: 429, path: RESPONSES, headers, times: 3 });
    await failure(client.responses.create(ask('Hi')), RateLimitError);
    emulator.script({ kind: 'status', status: 500, path: RESPONSES, headers, times: 3 });
    await failure(client.responses.create(ask('Hi')), InternalServerError);
  });

  it('throws APIError when an error comes inside a stream, from the helper too', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    emulator.script({ kind: 'error-frame', afterFrames: 6, path: RESPONSES, times: 2 });
    let events = 0;
    const reading = async (): Promise<void> => {
      for await (const _event of await client.responses.create({ ...ask('Count to 20'), stream: true })) events += 1;
    };
    const error = await failure(reading(), APIError);
    assert.ok(error.message.length > 0);
    assert.equal(events, 6);
    await assert.rejects(client.responses.stream(ask('Count to 20')).finalResponse(), APIError);
  });

  it('is left with a response in progress by a stream that is cut, and rejects when nothing came', async () => {
    await using emulator = await startVercelEmulator();
    const { responses } = connect(emulator);
    emulator.script({ kind: 'cut', afterFrames: 6, path: RESPONSES }, { kind: 'cut', path: RESPONSES });
    const { status } = await responses.stream(ask('Count to 20')).finalResponse();
    assert.equal(status, 'in_progress');
    await assert.rejects(responses.stream(ask('Count to 20')).finalResponse(), /without sending any events/);
    emulator.script({ kind: 'reset', afterFrames: 6, path: RESPONSES });
    await assert.rejects(responses.stream(ask('Count to 20')).finalResponse());
  });

  it('closes the stream of a reader that leaves', async () => {
    await using emulator = await startVercelEmulator({ tokensPerSecond: 500 });
    const long = { ...ask('Write 2000 words about rivers.'), stream: true as const };
    for await (const event of await connect(emulator).responses.create(long)) {
      if (event.type === 'response.output_text.delta') break;
    }
    await emulator.requests[0]?.settled;
    assert.equal(emulator.requests[0]?.closedEarly, true);
  });
});
