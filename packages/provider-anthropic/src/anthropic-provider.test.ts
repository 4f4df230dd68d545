import { anthropicMessagesDialect, describeProvider, type KeyedTarget, type ProviderTarget } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { AnthropicClient } from './anthropic-client.js';
import { anthropic } from './anthropic-module.js';

const optionsFor = (target: ProviderTarget | KeyedTarget) => ({
  ...target,
  env: {},
  catalogue: { refresh: false },
});

describeProvider(
  { describe, it, expect },
  {
    name: 'provider-anthropic',
    create: (target) => new AnthropicClient(optionsFor(target)),
    createWithKeys: (target) => new AnthropicClient(optionsFor(target)),
    module: (target) => anthropic(optionsFor(target)),
    dialect: anthropicMessagesDialect,
    request: { model: 'claude-haiku-4-5' },
    except: {
      'sets no limit of output tokens that the call does not name': 'the API demands `max_tokens` of every request',
    },
  },
);
