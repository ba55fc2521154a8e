package steer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestMetricIsLinear: a metric of terms has the weighted sum of the scores of its terms, at their positions; one of target and
// counterfactual is what Target and Versus say.
func TestMetricIsLinear(t *testing.T) {
	sum := run(t, fake.Attribute(france).Metric(steer.Logit(" Paris").Times(2), steer.LogitID(9).Times(-.5), steer.Logit(" France").At(-2)))
	want := make([]float64, len(sum.Dense().Data))
	for task, w := range map[*steer.Scores]float64{
		new(run(t, fake.Attribute(france).Target(" Paris"))): 2, new(run(t, fake.Attribute(france).TargetID(9))): -.5,
		new(run(t, fake.Attribute(france).Target(" France").At(-2))): 1,
	} {
		for i, v := range task.Dense().Data {
			want[i] += w * float64(v)
		}
	}
	for i, v := range sum.Dense().Data {
		if d := math.Abs(float64(v) - want[i]); !(d <= 1e-5) {
			t.Fatalf("score %d is %v, want %v", i, v, want[i])
		}
	}
	pair := run(t, fake.Attribute(france).Metric(steer.Logit(" Paris"), steer.Logit(" Rome").Times(-1)))
	apart := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	if d := math.Abs(pair.Metric() - apart.Metric()); !(d <= 1e-5) {
		t.Errorf("the metric is %v, with Target and Versus %v", pair.Metric(), apart.Metric())
	}
	if sum.About() != `2·logit(" Paris") − 0.5·logit(" Rome") + logit(" France") at −2` || sum.Unit() != "logits" {
		t.Errorf("it measures %s in %s", sum.About(), sum.Unit())
	}
	if c := sum.Conservation(); !c.Holds || c.Residual > 1e-5 {
		t.Errorf("%+v", c)
	}
	if sum.Target().Rank != 0 || sum.Target().Text != "" || len(sum.Warnings()) != 0 {
		t.Errorf("a sum has the target %+v and the warnings %v", sum.Target(), sum.Warnings())
	}
}

//go:fix inline

// TestMetricOfBehavior: every example is explained by the same sum, whatever targets it names.
func TestMetricOfBehavior(t *testing.T) {
	terms := []steer.Term{steer.Logit(" Paris"), steer.Logit(" Rome").Times(-1)}
	b := run(t, fake.Behavior(capitals()).Metric(terms...))
	one := run(t, fake.Attribute(italy).Metric(terms...))
	for i := range b.Len() {
		if got := b.Example(i); got.About() != one.About() {
			t.Errorf("example %d measures %s", i, got.About())
		}
	}
	if about := b.Mean().TopK(2).About(); about != one.About() {
		t.Errorf("the mean measures %s", about)
	}
}

// TestLongSums: a sum of many terms says the first and how many more there are.
func TestLongSums(t *testing.T) {
	var terms []steer.Term
	for id := range int32(9) {
		terms = append(terms, steer.LogitID(id).Times(-1.5))
	}
	about := run(t, fake.Attribute(france).Metric(terms...)).About()
	if !strings.HasPrefix(about, `−1.5·logit("<s>") − 1.5·logit("</s>")`) || !strings.HasSuffix(about, "(3 more terms)") {
		t.Error(about)
	}
}
