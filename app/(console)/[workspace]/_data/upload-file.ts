import { ApiError } from "#/sdk/client/api-error.ts";

/** Sends a file and tells the sent part, 0 to 1. By XMLHttpRequest, because fetch does not tell. @returns the answer @throws ApiError */
export function uploadFile(
  address: string,
  file: File,
  onProgress: (part: number) => void = () => undefined,
): Promise<unknown> {
  const form = new FormData();
  form.set("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", address);
  request.responseType = "json";
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("error", () =>
      reject(new ApiError(503, { title: "No connection", detail: "The upload was interrupted. Try again." })),
    );
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(request.response);
      else reject(new ApiError(request.status, request.response ?? {}));
    });
    request.send(form);
  });
}
