import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ChangeStorage, Storage } from "#/operations/storage/contract.ts";
import { callApi } from "#/app/_ui/api-client.ts";

export function useStorage() {
  return useQuery({
    queryKey: ["storage"],
    queryFn: ({ signal }) => callApi<Storage>("/api/v1/storage", { signal }),
  });
}

export function useChangeStorage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangeStorage) => callApi<Storage>("/api/v1/storage", { method: "PATCH", body }),
    onSuccess: (stored) => client.setQueryData(["storage"], stored),
  });
}
