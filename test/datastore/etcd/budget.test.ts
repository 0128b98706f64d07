import { describe, it } from 'mocha';
import { expect } from 'chai';
import { Budget } from '../../../src/datastore/etcd/budget.js';

describe('Budget', () => {
  it('runs only while something waits, and once for things that wait side by side', async () => {
    let now = 0;
    const budget = new Budget(1000, () => now);
    const waits: (() => void)[] = [];
    const wait = (): Promise<void> => budget.spend(() => new Promise((resolve) => waits.push(resolve)));
    now = 500;
    expect(budget.remainingMs).to.equal(1000);
    const first = wait();
    now = 600;
    expect(budget.remainingMs).to.equal(900);
    const second = wait();
    now = 700;
    waits[0]?.();
    await first;
    now = 750;
    expect(budget.remainingMs).to.equal(750);
    waits[1]?.();
    await second;
    now = 5000;
    expect(budget.remainingMs).to.equal(750);
  });

  it('starts anew with what is done, also while something waits', async () => {
    let now = 0;
    const budget = new Budget(1000, () => now);
    let done = (): void => undefined;
    const waiting = budget.spend(() => new Promise<void>((resolve) => (done = resolve)));
    now = 900;
    budget.renew();
    expect(budget.remainingMs).to.equal(1000);
    now = 1200;
    done();
    await waiting;
    expect(budget.remainingMs).to.equal(700);
  });

  it('counts what fails as well', async () => {
    let now = 0;
    const budget = new Budget(100, () => now);
    const failing = budget.spend(async () => {
      now = 130;
      throw new Error('lost');
    });
    expect(await failing.catch(String)).to.equal('Error: lost');
    expect(budget.remainingMs).to.equal(-30);
  });
});
