// Written for Vercel's Workflow SDK, whose build reads this folder. Each directive must stand on a line of its own, or the function is passed over.
async function add(total: number, index: number): Promise<number> {
  "use step";
  return total + index;
}

export async function chain(): Promise<number> {
  "use workflow";
  let total = 0;
  for (let index = 0; index < 10; index += 1) total = await add(total, index);
  return total;
}
