/** What keeps a profile from being made, in words for whoever asked for it. */
export class ProfileProblem extends Error {}
