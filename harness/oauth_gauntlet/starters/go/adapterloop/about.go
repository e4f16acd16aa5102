package adapterloop

import (
	"runtime"
	"runtime/debug"
)

// AboutModule names the Go client in the module of this path, in the version with which the adapter was built.
func AboutModule(name, path, url string) About {
	about := About{Name: name, Language: "go", Runtime: runtime.Version(), URL: url}
	if build, known := debug.ReadBuildInfo(); known {
		for _, module := range build.Deps {
			if module.Path == path {
				about.Version = module.Version
			}
		}
	}
	return about
}
