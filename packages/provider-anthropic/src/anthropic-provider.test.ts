import { systemClock } from '@headrace/core/plugin';
import { anthropicMessagesDialect, describeProvider } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { anthropic } from './anthropic-module.js';
import { AnthropicProvider } from './anthropic-provider.js';
import { AnthropicSettings } from './anthropic-settings.js';
import { SharedClient } from './shared-client.js';

const optionsFor = ({ baseUrl, apiKey }: { readonly baseUrl: string; readonly apiKey: string }) => ({
  baseUrl,
  apiKey,
  env: {},
  catalogue: { refresh: false },
});

describeProvider(
  { describe, it, expect },
  {
    name: 'provider-anthropic',
    create: (target) => new AnthropicProvider(new SharedClient(new AnthropicSettings(optionsFor(target))), systemClock),
    module: (target) => anthropic(optionsFor(target)),
    dialect: anthropicMessagesDialect,
    request: { model: 'claude-haiku-4-5' },
  },
);
