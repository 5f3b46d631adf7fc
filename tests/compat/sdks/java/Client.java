// Client.java - calls of okta-sdk-java as it comes, one after the other.
//
// Reads [{"method", "id", "body"}] from standard input and prints a line of
// {"status", "result" or "error"} for each. Org and credential come from the
// environment, as the SDK itself reads them.

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.okta.sdk.client.Clients;
import com.okta.sdk.resource.api.ApiTokenApi;
import com.okta.sdk.resource.client.ApiClient;
import com.okta.sdk.resource.client.ApiException;
import com.okta.sdk.resource.model.ApiTokenUpdate;

public class Client {
    static final ObjectMapper json = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    static Object perform(ApiTokenApi api, JsonNode call) throws Exception {
        String id = call.path("id").asText();
        switch (call.get("method").asText()) {
        case "list":
            return api.listApiTokens();
        case "get":
            return api.getApiToken(id);
        case "restrict":
            return api.upsertApiToken(id, json.treeToValue(call.get("body"), ApiTokenUpdate.class));
        case "revoke":
            api.revokeApiToken(id);
            return null;
        case "revokeCurrent":
            api.revokeCurrentApiToken();
            return null;
        default:
            throw new IllegalArgumentException(call.toString());
        }
    }

    static void refused(ObjectNode told, ApiException error) {
        told.put("status", error.getCode());
        told.put("error", error.getMessage());
        try {
            JsonNode body = json.readTree(error.getResponseBody());
            if (body.hasNonNull("errorCode")) told.put("code", body.get("errorCode").asText());
        } catch (Exception notJson) {
            // Then there is no code.
        }
    }

    static ObjectNode tell(ApiClient client, JsonNode call) {
        ObjectNode told = json.createObjectNode();
        try {
            Object result = perform(new ApiTokenApi(client), call);
            told.put("status", client.getStatusCode());
            if (result != null) told.set("result", json.valueToTree(result));
        } catch (ApiException error) {
            refused(told, error);
        } catch (Exception error) {
            told.put("status", 0);
            told.put("error", error.toString());
        }
        return told;
    }

    public static void main(String[] args) throws Exception {
        ApiClient client = Clients.builder().build();
        for (JsonNode call : json.readTree(System.in)) System.out.println(tell(client, call));
    }
}
