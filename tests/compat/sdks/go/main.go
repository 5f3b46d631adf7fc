// main.go - calls of okta-sdk-golang as it comes, one after the other.
//
// Reads [{"method", "id", "body"}] from standard input and prints a line of
// {"status", "result" or "error"} for each. Org and credential come from the
// environment, as the SDK itself reads them.
package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"github.com/okta/okta-sdk-golang/v5/okta"
)

type call struct {
	Method string          `json:"method"`
	ID     string          `json:"id"`
	Body   json.RawMessage `json:"body"`
}

type answer struct {
	Status int         `json:"status"`
	Result interface{} `json:"result,omitempty"`
	Error  string      `json:"error,omitempty"`
	Code   string      `json:"code,omitempty"`
}

// list follows the SDK's own paging to the end.
func list(client *okta.APIClient, config *okta.Configuration) (interface{}, *okta.APIResponse, error) {
	page, response, err := client.ApiTokenAPI.ListApiTokens(config.Context).Execute()
	all := page
	for err == nil && response.HasNextPage() {
		var next []okta.ApiToken
		response, err = response.Next(&next)
		all = append(all, next...)
	}
	return all, response, err
}

func perform(client *okta.APIClient, config *okta.Configuration, c call) (interface{}, *okta.APIResponse, error) {
	api := client.ApiTokenAPI
	switch c.Method {
	case "list":
		return list(client, config)
	case "get":
		return api.GetApiToken(config.Context, c.ID).Execute()
	case "restrict":
		var update okta.ApiTokenUpdate
		if err := json.Unmarshal(c.Body, &update); err != nil {
			return nil, nil, err
		}
		return api.UpsertApiToken(config.Context, c.ID).ApiTokenUpdate(update).Execute()
	case "revoke":
		response, err := api.RevokeApiToken(config.Context, c.ID).Execute()
		return nil, response, err
	case "revokeCurrent":
		response, err := api.RevokeCurrentApiToken(config.Context).Execute()
		return nil, response, err
	}
	return nil, nil, fmt.Errorf("no such method: %s", c.Method)
}

func tell(result interface{}, response *okta.APIResponse, err error) answer {
	told := answer{}
	if response != nil && response.Response != nil {
		told.Status = response.Response.StatusCode
	}
	if err == nil {
		told.Result = result
		return told
	}
	told.Error = err.Error()
	if failed, ok := err.(*okta.GenericOpenAPIError); ok {
		var body struct {
			ErrorCode string `json:"errorCode"`
		}
		_ = json.Unmarshal(failed.Body(), &body)
		told.Code = body.ErrorCode
	}
	return told
}

func run() error {
	var calls []call
	if err := json.NewDecoder(os.Stdin).Decode(&calls); err != nil {
		return err
	}
	config, err := okta.NewConfiguration()
	if err != nil {
		return err
	}
	// The SDK drops the port of its orgUrl.
	org, err := url.Parse(config.Okta.Client.OrgUrl)
	if err != nil {
		return err
	}
	config.Host = org.Host
	client := okta.NewAPIClient(config)
	out := json.NewEncoder(os.Stdout)
	for _, c := range calls {
		if err := out.Encode(tell(perform(client, config, c))); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
