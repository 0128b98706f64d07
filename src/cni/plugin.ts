import type { Store } from '../datastore/store.js';
import type { Log } from '../text/log.js';
import type { AttachmentCall, Environment, NetworkCall } from './call.js';
import type { Result } from './result.js';

/** What a plugin may use of the process it runs in. */
export interface PluginContext {
  readonly env: Environment;
  readonly log: Log;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /** The datastore, which is connected with the first call of this and closed when the plugin is done. */
  store(): Promise<Store>;
  /** What this node is called (reference/network-plugin 5.2). */
  nodeName(): string;
  /** The labels of the pod's namespace, where the plugin that calls this one knows them. */
  readonly namespaceLabels?: Readonly<Record<string, string>> | undefined;
}

/** What plugins do, by command. Each throws Failure, or CalicoError, which is told as one. */
export interface Plugin {
  add(call: AttachmentCall, context: PluginContext): Promise<Result>;
  del(call: AttachmentCall, context: PluginContext): Promise<void>;
  check(call: AttachmentCall, context: PluginContext): Promise<void>;
  /** Gives back what belongs to attachments that are not there any more. */
  gc(call: NetworkCall, context: PluginContext): Promise<void>;
  /** Throws Failure, code 50 or 51, where an ADD would not go well. */
  status(call: NetworkCall, context: PluginContext): Promise<void>;
}
