import { describe, expect, it } from '@jest/globals';
import { keyedReference } from './__fixtures__/keyed-reference.js';
import { ReferenceProvider, referenceModule } from './__fixtures__/reference-provider.js';
import { describeProvider } from './describe-provider.js';
import { openAiChatDialect } from './open-ai-chat-dialect.js';

// The suite as an author runs it, over a provider that keeps the contract: every case must pass.
describeProvider(
  { describe, it, expect },
  {
    name: 'the reference provider',
    create: (target) => new ReferenceProvider(target),
    createWithKeys: keyedReference,
    module: referenceModule,
    dialect: openAiChatDialect,
    otherKinds: { embedding: {}, reranking: {}, image: {} },
  },
);
