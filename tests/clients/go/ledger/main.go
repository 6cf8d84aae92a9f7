// Command ledger verifies an organisation's log on a running server with nothing of ours: Go's
// golang.org/x/mod/sumdb/note and tlog alone.
//
//	ledger -url http://127.0.0.1:8420/ledger/v1/ORGANISATION -apikey KEY [-leaf FILE -index N] [-old FILE]
//
// It checks the checkpoint's signature, that the log has grown from the checkpoint in the file
// -old (which it then replaces), and that the leaf in the file -leaf is at its index.
package main

import (
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var (
	url    = flag.String("url", "", "the log's address")
	apikey = flag.String("apikey", "", "a key that may read audit events")
	key    = flag.String("key", "", "the log's verifier key, when it is known from elsewhere")
	leaf   = flag.String("leaf", "", "a file with the exact bytes of a leaf")
	index  = flag.Int64("index", 0, "the leaf's index")
	old    = flag.String("old", "", "a file with an older checkpoint, replaced by the present one")
)

// height is that of C2SP tlog-tiles.
const height = 8

func get(path string) []byte {
	request, err := http.NewRequest("GET", *url+"/"+path, nil)
	check(err)
	if *apikey != "" {
		request.Header.Set("apikey", *apikey)
	}
	response, err := http.DefaultClient.Do(request)
	check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	check(err)
	if response.StatusCode != http.StatusOK {
		log.Fatalf("%s: %s: %s", path, response.Status, body)
	}
	return body
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// open verifies a checkpoint and gives the tree that it describes.
func open(checkpoint []byte, verifier note.Verifier) tlog.Tree {
	signed, err := note.Open(checkpoint, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		log.Fatalf("not a checkpoint of %s: %q", verifier.Name(), signed.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	tree := tlog.Tree{N: size}
	if copy(tree.Hash[:], root) != len(tree.Hash) || len(root) != len(tree.Hash) {
		log.Fatal("the root is no hash")
	}
	return tree
}

// tiles reads tiles over HTTP; tlog verifies them against the tree before it uses them.
type tiles struct{}

func (tiles) Height() int { return height }

func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range wanted {
		// tlog-tiles leaves the height out of the path.
		data = append(data, get(strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	}
	return data, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	flag.Parse()
	if *key == "" {
		*key = strings.TrimSpace(string(get("key")))
	}
	verifier, err := note.NewVerifier(*key)
	check(err)
	checkpoint := get("checkpoint")
	tree := open(checkpoint, verifier)
	hashes := tlog.TileHashReader(tree, tiles{})
	fmt.Printf("%s has %d leaves, signed\n", verifier.Name(), tree.N)

	if *leaf != "" {
		bytes, err := os.ReadFile(*leaf)
		check(err)
		proof, err := tlog.ProveRecord(tree.N, *index, hashes)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, *index, tlog.RecordHash(bytes)))
		fmt.Printf("leaf %d is in it\n", *index)
	}
	if *old != "" {
		before, err := os.ReadFile(*old)
		if err == nil {
			older := open(before, verifier)
			proof, err := tlog.ProveTree(tree.N, older.N, hashes)
			check(err)
			check(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
			fmt.Printf("it begins with the %d leaves of the older checkpoint\n", older.N)
		} else if !os.IsNotExist(err) {
			check(err)
		}
		check(os.WriteFile(*old, checkpoint, 0o600))
	}
}
