/** 1 workflow, 3 workflows */
export const countWorkflows = (count: number): string => (count === 1 ? "1 workflow" : `${count} workflows`);
