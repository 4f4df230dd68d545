import type { NativeFile, NativeMessage, NativeToolOutput } from './native-language-request.js';

type Fields = Readonly<Record<string, unknown>>;

/** A mark of the prompt cache, as any provider's options have it. */
function cacheMark(options: Fields | undefined): Fields {
  for (const namespace of Object.values(options ?? {})) {
    const members: Fields = typeof namespace === 'object' && namespace !== null ? { ...namespace } : {};
    const mark = members['cacheControl'] ?? members['cache_control'] ?? members['cachePoint'];
    if (mark !== undefined) return { cache_control: mark };
  }
  return {};
}

function filePart({ mediaType, filename, data, providerOptions }: NativeFile): Fields {
  const mark = cacheMark(providerOptions);
  if (data.type === 'text') return { type: 'text', text: data.text, ...mark };
  const isImage = /^image(?:\/|$)/.test(mediaType);
  if (data.type === 'reference') {
    return { type: 'file', file: { filename, reference: data.reference, media_type: mediaType }, ...mark };
  }
  const url = data.type === 'url' ? data.url : `data:${mediaType};base64,${data.data}`;
  return isImage
    ? { type: 'image_url', image_url: { url }, ...mark }
    : { type: 'file', file: { filename, file_data: url, media_type: mediaType }, ...mark };
}

function outputText(output: NativeToolOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value) ?? 'null';
    case 'execution-denied':
      return output.reason ?? 'The call was denied.';
    case 'content':
      return output.value.flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : [])).join('\n');
  }
}

function* asChat(message: NativeMessage): Generator<Fields> {
  const mark = cacheMark(message.providerOptions);
  switch (message.role) {
    case 'system':
      yield { role: 'system', content: message.content, ...mark };
      return;
    case 'user': {
      const content = message.content.map((part) =>
        part.type === 'text' ? { type: 'text', text: part.text, ...cacheMark(part.providerOptions) } : filePart(part),
      );
      yield { role: 'user', content, ...mark };
      return;
    }
    case 'assistant': {
      // Thoughts count for nothing here, and what a provider ran itself needs no answer.
      const content = message.content.flatMap((part) => {
        if (part.type === 'text') return [{ type: 'text', text: part.text, ...cacheMark(part.providerOptions) }];
        return part.type === 'file' ? [filePart(part)] : [];
      });
      const calls = message.content.flatMap((part) =>
        part.type === 'tool-call' && part['providerExecuted'] !== true
          ? [{ id: part.toolCallId, function: { name: part.toolName, arguments: JSON.stringify(part.input) ?? '{}' } }]
          : [],
      );
      yield { role: 'assistant', content, ...(calls.length === 0 ? {} : { tool_calls: calls }), ...mark };
      return;
    }
    case 'tool':
      for (const part of message.content) {
        if (part.type !== 'tool-result') continue;
        const partMark = cacheMark(part.providerOptions);
        yield { role: 'tool', tool_call_id: part.toolCallId, content: outputText(part.output), ...mark, ...partMark };
      }
  }
}

/** A prompt of the AI SDK as messages of chat completions. */
export const promptAsChat = (prompt: readonly NativeMessage[]): readonly Fields[] =>
  prompt.flatMap((message) => [...asChat(message)]);
