import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { StoreSkill } from "#/operations/skills/contract.ts";
import { makeAddress } from "#/sdk/client/request.ts";
import type { Answer } from "#/sdk/client/routes.ts";
import { skillDetail, skillList, skillVersions, toolList } from "./queries.ts";
import { uploadFile } from "./upload-file.ts";

type StoredSkill = Answer<"POST /api/v1/skills">;

export const useSkills = () => useQuery(skillList());
export const useSkillVersions = (name: string) => useQuery(skillVersions(name));

/** A version of a skill, the newest unless one is given. What is being read stays while another version comes. */
export function useSkill(name: string, version?: number) {
  return useQuery({
    ...skillDetail(name, version),
    placeholderData: (before) => (before?.name === name ? before : undefined),
  });
}

/** Reads everything again that is shown of skills, and of tools, which they are as well. */
function useReload() {
  const client = useQueryClient();
  return () => {
    // Not awaited: what asked goes with the new list, and what it wanted to tell would go unsaid.
    for (const { queryKey } of [skillList(), toolList("")]) void client.invalidateQueries({ queryKey });
  };
}

export function useStoreSkill() {
  const onSuccess = useReload();
  return useMutation({ mutationFn: (body: StoreSkill) => api("POST /api/v1/skills", { body }), onSuccess });
}

/** Sends the archive of a skill's folder. */
export function useUploadSkill() {
  const onSuccess = useReload();
  return useMutation({
    mutationFn: async (archive: File) => {
      const stored = await uploadFile(makeAddress("POST /api/v1/skills"), archive);
      // It is the answer of that route, which the browser has parsed.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return stored as StoredSkill;
    },
    onSuccess,
  });
}

/** Deletes a skill. Its own page is not read again: it is about to be left, and there is nothing to read. */
export function useDeleteSkill() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api("DELETE /api/v1/skills/{name}", { path: { name } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: skillList().queryKey, exact: true });
      void client.invalidateQueries({ queryKey: toolList("").queryKey });
    },
  });
}
