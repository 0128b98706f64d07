import { expect } from 'chai';
import { describe, it } from 'mocha';
import { drawn } from '../../../src/output/formats/graph/drawn.js';
import type { Graph, GraphNode, Look } from '../../../src/output/formats/graph/graph.js';
import { columnsOf } from '../../../src/text/width.js';
import { Random } from '../../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const HOSTILE = '\u001b[2J"]<b>&\\n\u202e|#';
const WORDS = ['role=web', 'x', 'a very long text of many words that has to be broken somewhere', 'x'.repeat(90), '\u6f22\u5b57', HOSTILE];

function randomGraph(random: Random): Graph {
  const nodes = random.times(2 + random.below(7), (at): GraphNode => ({ id: `n${at + 1}`, look: random.one<Look>(['group', 'closed', 'host', 'outside']), lines: random.times(1 + random.below(3), () => random.one(WORDS)), ...(random.chance(0.3) && { hull: 'h' }) }));
  const edges = random.times(random.below(14), () => ({ from: random.one(nodes).id, to: random.one(nodes).id, label: random.one(WORDS), partial: random.chance(0.3) })).filter(({ from, to }) => from !== to);
  return { title: random.one(WORDS), directed: random.chance(0.5), nodes, edges, hulls: [{ id: 'h', label: random.one(WORDS) }], notes: random.some(WORDS, 2) };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const numbersIn = (element: string): Record<string, number> => Object.fromEntries([...element.matchAll(/ (x|y|width|height|font-size)="([-\d.]+)"/g)].map(([, name, value]) => [name!, Number(value)]));
const boxOf = (element: string): Box => {
  const { x = 0, y = 0, width = 0, height = 0 } = numbersIn(element);
  return { left: x, right: x + width, top: y, bottom: y + height };
};
const overlap = (one: Box, other: Box): boolean => one.left < other.right - 0.5 && other.left < one.right - 0.5 && one.top < other.bottom - 0.5 && other.top < one.bottom - 0.5;
const textOf = (content: string): string => content.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]!);

/** The boxes of a picture, those of labels with those of nodes, each with the texts that stand in it. */
function boxesOf(svg: string): readonly { readonly box: Box; readonly texts: readonly Box[] }[] {
  const drawing = svg.slice(svg.indexOf('<g '));
  return drawing.split('\n').filter((line) => line.startsWith('<rect') && !line.includes('fill="none"')).map((line) => ({
    box: boxOf(/<rect[^>]*>/.exec(line)![0]),
    texts: [...line.matchAll(/(<text[^>]*>)([^<]*)<\/text>/g)].map(([, element, content]) => {
      const { x = 0, y = 0, 'font-size': size = 0 } = numbersIn(element!);
      const half = (columnsOf(textOf(content!)) * size * 0.6021) / 2;
      return { left: x - half, right: x + half, top: y - size * 0.8, bottom: y + size * 0.25 };
    }),
  }));
}

/** Whether a straight line passes through the inside of a box. */
function crosses([a, b]: readonly [{ x: number; y: number }, { x: number; y: number }], { left, right, top, bottom }: Box): boolean {
  return Array.from({ length: 99 }, (_, at) => (at + 1) / 100).some((part) => {
    const [x, y] = [a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part];
    return x > left + 1 && x < right - 1 && y > top + 1 && y < bottom - 1;
  });
}

describe('graphs', () => {
  it(`pictures: no box over another, texts inside their boxes, everything on the paper (SEED=${SEED})`, async () => {
    for (let at = SEED; at < SEED + 25; at++) {
      const svg = await drawn(randomGraph(new Random(at)), 'svg');
      const boxes = boxesOf(svg);
      const { width = 0, height = 0 } = numbersIn(/<svg[^>]*>/.exec(svg)![0]);
      const [, dx, dy] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(svg)!.map(Number);
      boxes.forEach(({ box, texts }, index) => {
        for (const other of boxes.slice(index + 1)) expect(overlap(box, other.box), `seed ${at} ${JSON.stringify([box, other.box])}`).to.equal(false);
        for (const text of texts) expect(text.left >= box.left && text.right <= box.right && text.top >= box.top && text.bottom <= box.bottom, `seed ${at} ${JSON.stringify([box, text])}`).to.equal(true);
        expect(box.left + dx! >= 0 && box.right + dx! <= width && box.top + dy! >= 0 && box.bottom + dy! <= height, `seed ${at}`).to.equal(true);
      });
    }
  });

  it(`pictures: lines pass behind no box of a node (SEED=${SEED})`, async () => {
    for (let at = SEED; at < SEED + 25; at++) {
      const graph = randomGraph(new Random(at));
      const svg = await drawn({ ...graph, hulls: [], nodes: graph.nodes.map(({ hull: _hull, ...node }) => node) }, 'svg');
      const boxes = boxesOf(svg).slice(0, graph.nodes.length).map(({ box }) => box);
      for (const [, path] of svg.matchAll(/<path d="M([^"Z]*)" fill="none"/g)) {
        const points = path!.split('L').map((text) => text.split(' ').map(Number)).map(([x, y]) => ({ x: x!, y: y! }));
        points.slice(1).forEach((point, index) => boxes.forEach((box) => expect(crosses([points[index]!, point], box), `seed ${at} ${path!} ${JSON.stringify(box)}`).to.equal(false)));
      }
    }
  });

  it(`no text steers a terminal or breaks a language, and text has 80 columns (SEED=${SEED})`, async () => {
    for (let at = SEED; at < SEED + 25; at++) {
      const graph = randomGraph(new Random(at));
      for (const form of ['text', 'mermaid', 'dot', 'svg']) expect(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(await drawn(graph, form)), `seed ${at} ${form}`).to.equal(false);
      for (const line of (await drawn(graph, 'text')).split('\n')) expect(columnsOf(line), line).to.be.at.most(80);
      for (const line of (await drawn(graph, 'mermaid')).split('\n').filter((each) => !each.includes('%%'))) expect((line.match(/"/g) ?? []).length % 2, line).to.equal(0);
      for (const line of (await drawn(graph, 'dot')).split('\n')) expect((line.replace(/\\["\\n]/g, '').match(/"/g) ?? []).length % 2, line).to.equal(0);
      expect((await drawn(graph, 'svg')).replace(/<\/?[a-z][^<>]*>/g, '')).to.not.match(/[<>]/);
    }
  });
});
