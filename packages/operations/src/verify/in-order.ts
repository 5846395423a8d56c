/**
 * Works on so many items at once, and gives what came of them in the order of the items, each as soon as it and all
 * before it are done. A caller that stops early leaves work behind that is not waited for.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: { readonly result: Promise<Result>; isDone: boolean }[] = [];
  for await (const item of items) {
    const one = { result: work(item), isDone: false };
    const done = () => {
      one.isDone = true;
    };
    one.result.then(done, done); // A failure is thrown below, when it is its turn.
    begun.push(one);
    while (begun.length >= atOnce || begun[0]?.isDone) yield (await begun.shift()?.result) as Result;
  }
  for (const { result } of begun) yield await result;
}
