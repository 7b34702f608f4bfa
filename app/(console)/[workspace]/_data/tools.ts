import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { CreateTool, ImportTools, SetToolRules, UpdateTool } from "#/operations/tools/contract.ts";
import { toolDetail, toolList } from "./queries.ts";

export function useTools(search: string) {
  return useQuery({ ...toolList(search), placeholderData: (before) => before });
}

export function useTool(name: string) {
  return useQuery(toolDetail(name));
}

/** Reads everything again that is shown of tools. */
function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: toolList("").queryKey });
}

export function useCreateTool() {
  const onSuccess = useRefresh();
  return useMutation({ mutationFn: (body: CreateTool) => api("POST /api/v1/tools", { body }), onSuccess });
}

export function useUpdateTool(name: string) {
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: UpdateTool) => api("PATCH /api/v1/tools/{name}", { path: { name }, body }),
    onSuccess,
  });
}

/** Looks at a document, or takes what is chosen of it. */
export function useImportTools() {
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: ImportTools) => api("POST /api/v1/tool-imports", { body }),
    onSuccess,
  });
}

export function useDeleteTool() {
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (name: string) => api("DELETE /api/v1/tools/{name}", { path: { name } }),
    onSuccess,
  });
}

export function useSetToolRules(name: string) {
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: SetToolRules) => api("PUT /api/v1/tools/{name}/rules", { path: { name }, body }),
    onSuccess,
  });
}

export function useTryTool(name: string) {
  return useMutation({
    mutationFn: (input: Record<string, unknown>) =>
      api("POST /api/v1/tools/{name}/try", { path: { name }, body: { input } }),
    // What a tool gave does not stay in the page.
    gcTime: 0,
  });
}
