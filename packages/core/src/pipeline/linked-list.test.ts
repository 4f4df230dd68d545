import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LinkedList, type ListPlace } from './linked-list.js';

class Member implements ListPlace<Member> {
  before: Member | undefined = undefined;
  after: Member | undefined = undefined;
}

const membersOf = (list: LinkedList<Member>): Member[] => {
  const members: Member[] = [];
  for (let member = list.first; member !== undefined; member = member.after) members.push(member);
  return members;
};

it('holds the members that joined and have not left, the latest first, and knows them', () => {
  const steps = fc.array(fc.record({ who: fc.nat({ max: 5 }), joins: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (taken) => {
      const list = new LinkedList<Member>();
      const all = Array.from({ length: 6 }, () => new Member());
      let expected: Member[] = [];
      for (const { who, joins } of taken) {
        const member = all[who];
        if (member === undefined || (joins && expected.includes(member))) continue;
        if (joins) list.add(member);
        else list.remove(member);
        expected = expected.filter((one) => one !== member);
        if (joins) expected.unshift(member);
        const held = membersOf(list);
        expect(held.map((one) => all.indexOf(one))).toEqual(expected.map((one) => all.indexOf(one)));
        expect(all.map((one) => list.has(one))).toEqual(all.map((one) => expected.includes(one)));
      }
    }),
  );
});
