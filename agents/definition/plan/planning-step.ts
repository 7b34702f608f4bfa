/** The step that plans, and what the tasks of its crew call it. In a file of its own, so that what only draws a crew brings no expressions along. */
export const PLANNING = "planning";
