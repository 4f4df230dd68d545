/**
 * The testing kit for authors of providers: the contract as a test suite, and the tools to break a provider.
 * @packageDocumentation
 */
export {
  CHAT_DONE,
  type ChatEnd,
  ChatFrames,
  type ChatIdentity,
} from './chat/chat-frames.js';
export { type ChatErrorDetail, chatError, chatReply } from './chat/chat-reply.js';
export {
  type ChatAnswerParts,
  type ChatStreamParts,
  type ChatToolCall,
  chatStream,
  chatStreamParts,
} from './chat/chat-stream.js';
export { chatUsage } from './chat/chat-usage.js';
export { type ErrorReplyOptions, errorReply } from './chat/error-reply.js';
export { type FakeClock, fakeClock } from './clock/fake-clock.js';
export { fixedRandom, seededRandom } from './clock/random.js';
export { anthropicMessagesDialect } from './conformance/anthropic-messages-dialect.js';
export { type ConformanceReport, conformanceText, type ScenarioResult } from './conformance/conformance-report.js';
export type {
  ConformanceSpec,
  KeyedTarget,
  OtherKinds,
  ProviderTarget,
  TestRunner,
} from './conformance/conformance-spec.js';
export { describeProvider } from './conformance/describe-provider.js';
export type {
  Dialect,
  DialectError,
  DialectReasoning,
  DialectToolCall,
  RenderedReply,
  RenderedStream,
} from './conformance/dialect.js';
export { geminiDialect } from './conformance/gemini-dialect.js';
export { openAiChatDialect } from './conformance/open-ai-chat-dialect.js';
export { runConformance } from './conformance/run-conformance.js';
export { completionRequest } from './context/completion-request.js';
export { type ReportedPhase, type TestContext, type TestContextOptions, testContext } from './context/test-context.js';
export { embeddingRequest, imageRequest, rerankingRequest } from './context/unary-requests.js';
export type { Fault, FaultScript, Outlook, Scene, Setting, Verdict } from './fault-lab/fault.js';
export { FAULTS } from './fault-lab/faults.js';
export type { LabAnswer } from './fault-lab/lab-answer.js';
export type {
  LabCall,
  LabClient,
  LabSubject,
  LabTarget,
  LabTool,
  Received,
} from './fault-lab/lab-subject.js';
export {
  type FaultLabOptions,
  type FaultResult,
  runFaultLab,
  type Scorecard,
} from './fault-lab/run-fault-lab.js';
export { type NetworkBan, networkBan } from './network/network-ban.js';
export {
  parseRecordedExchange,
  type RecordedChunk,
  type RecordedEnd,
  type RecordedExchange,
} from './record/recorded-exchange.js';
export type { RedactionRules } from './record/redact.js';
export { type ReplayOptions, replaySteps } from './record/replay-steps.js';
export { type Recorder, type RecorderOptions, startRecorder } from './record/start-recorder.js';
export {
  type AnswerEnd,
  type AnswerStep,
  end,
  hang,
  reasoning,
  type ScriptedToolCall,
  text,
  toolCall,
  wait,
} from './script/answer-step.js';
export { type ModelFacts, modelInfo } from './script/model-facts.js';
export { embeddingResult, imageResult, rerankingResult } from './script/model-result.js';
export {
  type Attempt,
  afterEnd,
  batch,
  exactBatch,
  fail,
  ignoreAbort,
  type ProviderStep,
  phase,
  throwForeign,
  warn,
} from './script/provider-step.js';
export type { AttemptOutcome, ScriptedCall } from './script/scripted-call.js';
export {
  type AttemptScript,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
} from './script/scripted-provider.js';
export { type TokenCounts, tokenCounts, tokenUsage } from './script/token-counts.js';
export { describeReceiptStore, type ReceiptStoreSpec } from './store/describe-receipt-store.js';
export { describeStateStore, type StateStoreSpec } from './store/describe-state-store.js';
export {
  type Collected,
  collect,
  collectEvents,
  collectText,
  collectUntilError,
  nextEvent,
} from './stream/collect.js';
export { rejectionOf } from './stream/rejection-of.js';
export type { Connection, ConnectionCount } from './upstream/connection.js';
export type { RecordedRequest } from './upstream/recorded-request.js';
export { refusedUrl, type SilentUpstream, startSilentUpstream } from './upstream/silent-upstream.js';
export { startUpstream, type Upstream, type UpstreamOptions, type UpstreamScript } from './upstream/start-upstream.js';
export {
  cut,
  delay,
  drip,
  everyByte,
  finish,
  type HeaderFields,
  hangBeforeHeaders,
  pause,
  raw,
  repeat,
  reply,
  reset,
  splitAt,
  sse,
  status,
  type UpstreamStep,
  waitForClose,
  write,
} from './upstream/upstream-step.js';
