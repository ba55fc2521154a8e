package plotting
import ("testing";"os";"time";"fmt";"strings")
func TestZZ(t *testing.T){
 for n,f:=range figures(){ 
  if s:=os.Getenv("FIGS"); !strings.Contains(","+s+",",","+strings.Fields(n)[0]+",") {continue}
  t0:=time.Now()
  b,err:=f.PNG(); if err!=nil {t.Error(n,err);continue}
  fmt.Println(n,time.Since(t0),f.Alt())
  os.WriteFile("/tmp/figs/"+strings.ReplaceAll(n," ","_")+".png",b,0o644)
 }}
