import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { CreateTool, SetToolRules } from "#/operations/tools/contract.ts";
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
