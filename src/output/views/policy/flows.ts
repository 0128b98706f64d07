import { evaluate } from '../../../policy/evaluate.js';
import type { Flow } from '../../../policy/flow.js';
import type { Model } from '../../../policy/model.js';
import { safe } from '../../../text/safe.js';
import { verdictData } from './verdict-data.js';
import { packetText } from './words.js';

/** What many flows came to: a line for each, and how many were denied once all have been read. */
export class FlowLines {
  denied = 0;

  constructor(
    private readonly model: Model,
    private readonly flows: readonly Flow[],
  ) {}

  /** JSON, or `denied  10.0.0.1 to 10.0.0.2, tcp port 80  by tier-default:default`. */
  *lines(json: boolean): Generator<string> {
    for (const flow of this.flows) {
      const verdict = evaluate(this.model, flow);
      if (verdict.verdict === 'deny') this.denied++;
      yield json ? `${JSON.stringify(verdictData(verdict))}\n` : `${verdict.verdict === 'allow' ? 'allowed' : 'denied '}  ${safe(`${flow.src} to ${flow.dst}, ${packetText(flow)}  by ${verdict.by}`)}\n`;
    }
  }
}
